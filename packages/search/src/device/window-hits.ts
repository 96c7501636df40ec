import type { SearchHit } from '@lockstep/protocol';
import { matcherOf } from '../query/fits.ts';
import type { Plan } from '../query/plan.ts';
import { marksOf, type Steps } from '../text/index.ts';
import type { DeviceState } from './state.ts';

/** Others have their turn after about this many steps: tokens that were looked at, and some for each message. */
export const STRIDE = 50_000;
export const STEPS_OF_MESSAGE = 100;

/** What fits of the windows that are open. A null stands for a stretch without any: others have their turn then. */
export function* windowHits(
  { inbox, timelines }: Pick<DeviceState, 'inbox' | 'timelines'>,
  plan: Plan,
  steps: Steps = { taken: 0 },
): Generator<SearchHit | null> {
  const isHit = matcherOf(plan, steps);
  for (const [id, { messages }] of timelines) {
    if (!inbox.has(id)) continue;
    for (const message of messages) {
      steps.taken += STEPS_OF_MESSAGE;
      if (isHit(message)) yield { message, marks: marksOf(message.body ?? '', plan.terms, steps) };
      if (steps.taken < STRIDE) continue;
      steps.taken = 0;
      yield null;
    }
  }
}
