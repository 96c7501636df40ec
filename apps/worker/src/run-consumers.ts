import { beginConsumer, type Db, laggingConversations } from '@lockstep/db';
import type { Logger } from 'pino';
import { createBatches } from './batches.ts';
import type { Consumer } from './consumer.ts';
import { startSweep } from './sweep.ts';

export interface RunningConsumers {
  /** Wakes all of them for these conversations; resolves when those that hold the queue have worked them off. */
  wake(conversationIds: string[]): Promise<void>;
  /** No more rounds of the sweep; waits for those under way. */
  stopSweeps(): Promise<void>;
  /** Waits for the batches in hand. */
  idle(): Promise<void>;
}

/**
 * Each consumer works at its own pace, woken by jobs and by a sweep of its own: one that is slow or away holds up no
 * other (rule 9).
 */
export const runConsumers = (
  db: Db,
  consumers: readonly Consumer[],
  sweepSeconds: number,
  log: Logger,
): RunningConsumers => {
  const lanes = consumers.map((consumer) => {
    const begin = onceDone(() => beginConsumer(db, consumer));
    const batches = createBatches(
      {
        name: consumer.name,
        work: async (ids) => {
          await begin();
          await consumer.work(ids);
        },
      },
      log,
      consumer.spacingMs,
    );
    const look = async (limit: number) => {
      await begin();
      return laggingConversations(db, consumer.name, limit);
    };
    return { consumer, batches, sweep: startSweep(look, batches.work, sweepSeconds, log) };
  });
  return {
    wake: async (conversationIds) => {
      const held = lanes.map(({ consumer, batches }) => {
        const working = batches.work(conversationIds);
        if (consumer.holdsQueue) return working;
        // What fails is logged there, and found again by the sweep.
        working.catch(() => {});
        return null;
      });
      await Promise.all(held);
    },
    stopSweeps: async () => {
      await Promise.all(lanes.map(({ sweep }) => sweep.close()));
    },
    idle: async () => {
      await Promise.all(lanes.map(({ batches }) => batches.idle()));
    },
  };
};

/** Does it once; again only where it failed. */
const onceDone = (work: () => Promise<void>): (() => Promise<void>) => {
  let doing: Promise<void> | null = null;
  return () => {
    doing ??= work().catch((error) => {
      doing = null;
      throw error;
    });
    return doing;
  };
};
