import { type Db, laggingConversations } from '@lockstep/db';
import type { Logger } from 'pino';
import type { Batches } from './batches.ts';

/** Conversations that one look takes at most; there are looks until nothing is left. */
const LOOK = 1_000;

export interface Sweep {
  close(): Promise<void>;
}

/** Finds, at start and every `seconds`, conversations behind whose checkpoint no job has told of (rule 9). */
export const startSweep = (db: Db, batches: Batches, seconds: number, log: Logger): Sweep => {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const sweep = async () => {
    for (;;) {
      const ids = await laggingConversations(db, batches.consumer.name, LOOK);
      if (ids.length > 0 && !closed) await batches.work(ids);
      if (ids.length < LOOK || closed) return;
    }
  };

  let running = Promise.resolve();
  const round = () => {
    running = sweep()
      .catch((error: Error) => log.warn({ err: error }, 'sweep failed, will try again'))
      .finally(() => {
        if (!closed) timer = setTimeout(round, seconds * 1_000);
      });
  };
  round();

  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
