import type { Plan } from './plan.ts';
import { Run } from './run.ts';
import type { Violation } from './violation.ts';
import type { SimWorld } from './world.ts';

/** Runs that one shrinking may take. */
const BUDGET = 300;

/**
 * A smaller plan that breaks the same rule in the eyes of the same check: without steps, devices and faults that it does
 * not need. Greedy; gives up after some hundred runs.
 */
export const shrink = async (world: SimWorld, plan: Plan, found: Violation): Promise<Plan> => {
  let best = plan;
  let left = BUDGET;
  const take = async (candidate: Plan): Promise<boolean> => {
    if (left-- <= 0) return false;
    const violation = await new Run(world, candidate).go();
    const same = violation?.check === found.check && violation.rule === found.rule;
    if (same) best = candidate;
    return same;
  };

  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = best.steps.length - size; at > -size && left > 0; at -= size)
      await take(withoutSteps(best, Math.max(0, at), size));
  for (let i = best.devices.length - 1; i >= 0 && best.devices.length > 1; i--)
    await take(withoutDevice(best, i));
  for (const key of Object.keys(best.faults) as (keyof Plan['faults'])[])
    if (!key.endsWith('Ms') && best.faults[key] > 0)
      await take({ ...best, faults: { ...best.faults, [key]: 0 } });
  if (best.devices.some((device) => device.skewMs !== 0))
    await take({ ...best, devices: best.devices.map((device) => ({ ...device, skewMs: 0 })) });
  return best;
};

/** What follows happens when it did: the time of what is taken out goes to the next step. */
const withoutSteps = (plan: Plan, at: number, count: number): Plan => {
  const gone = plan.steps.slice(at, at + count);
  const time = gone.reduce((sum, step) => sum + step.after, 0);
  const rest = plan.steps
    .slice(at + count)
    .map((step, i) => (i > 0 ? step : { ...step, after: step.after + time }));
  return { ...plan, steps: [...plan.steps.slice(0, at), ...rest] };
};

const withoutDevice = (plan: Plan, index: number): Plan => ({
  ...plan,
  devices: plan.devices.filter((_, i) => i !== index),
  steps: plan.steps
    .filter((step) => step.device !== index)
    .map((step) => (step.device > index ? { ...step, device: step.device - 1 } : step)),
});
