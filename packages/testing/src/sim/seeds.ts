import { keep } from './kept.ts';
import { type Plan, planOf } from './plan.ts';
import { Run, type RunOptions } from './run.ts';
import { shrink } from './shrink.ts';
import type { SimWorld } from './world.ts';

export interface Failure {
  seed: number;
  rule: number;
  check: string;
  message: string;
  /** Where the shrunk plan was kept. */
  file: string | null;
}

export interface SeedsOptions extends RunOptions {
  /** Of `from`, `from + every`, ... */
  from: number;
  count: number;
  every?: number;
  /** Whether failing runs are shrunk and kept. */
  keeps?: boolean;
  /** Stop at the first failure. */
  first?: boolean;
  onSeed?: (seed: number, failure: Failure | null) => void;
}

/** Runs seed after seed; resolves with those that broke a rule. */
export const runSeeds = async (world: SimWorld, options: SeedsOptions): Promise<Failure[]> => {
  const { from, count, every = 1, first = false, onSeed, ...rest } = options;
  const failures: Failure[] = [];
  for (let seed = from; seed < from + count * every; seed += every) {
    const plan = planOf(seed);
    // What arrives at once in a calm run may arrive a little later if calls overtake one another.
    if (rest.looseness && plan.mode === 'calm') plan.mode = 'rough';
    const failure = await runPlan(world, plan, rest);
    if (failure) failures.push(failure);
    onSeed?.(seed, failure);
    if (failure && first) break;
  }
  return failures;
};

const runPlan = async (
  world: SimWorld,
  plan: Plan,
  { keeps = false, ...options }: RunOptions & { keeps?: boolean },
): Promise<Failure | null> => {
  const violation = await new Run(world, plan, options).go();
  if (!violation) return null;
  const { seed } = plan;
  const { rule, check, message } = violation;
  // What depends on the order in which the database takes things up cannot be tried again.
  const file = keeps && !options.looseness ? keep(await shrink(world, plan, violation), violation) : null;
  return { seed, rule, check, message, file };
};
