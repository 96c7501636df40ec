import { type Db, laggingConversations } from '@lockstep/db';
import type { Logger } from 'pino';
import type { Batches } from './batches.ts';
import { type Repeated, repeat } from './repeat.ts';

/** Conversations that one look takes at most; there are looks until nothing is left. */
const LOOK = 1_000;

/** Finds, at start and every `seconds`, conversations behind whose checkpoint no job has told of (rule 9). */
export const startSweep = (db: Db, batches: Batches, seconds: number, log: Logger): Repeated => {
  let closed = false;
  const sweeps = repeat('sweep', seconds, log, async () => {
    for (;;) {
      const ids = await laggingConversations(db, batches.consumer.name, LOOK);
      if (ids.length > 0 && !closed) await batches.work(ids);
      if (ids.length < LOOK || closed) return;
    }
  });
  return {
    close: () => {
      closed = true;
      return sweeps.close();
    },
  };
};
