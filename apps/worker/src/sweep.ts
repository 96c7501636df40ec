import type { Logger } from 'pino';
import { type Repeated, repeat } from './repeat.ts';

/** Conversations per query at most; queries repeat until nothing is left. */
const BATCH = 1_000;

/**
 * Processes, at start and every `seconds`, the conversations whose checkpoint is behind their head, for lost jobs
 * (rule 9).
 */
export const startSweep = (
  findLagging: (limit: number) => Promise<string[]>,
  work: (conversationIds: string[]) => Promise<void>,
  seconds: number,
  log: Logger,
): Repeated => {
  let closed = false;
  const sweeps = repeat('sweep', seconds, log, async () => {
    for (;;) {
      const ids = await findLagging(BATCH);
      if (ids.length > 0 && !closed) await work(ids);
      if (ids.length < BATCH || closed) return;
    }
  });
  return {
    close: () => {
      closed = true;
      return sweeps.close();
    },
  };
};
