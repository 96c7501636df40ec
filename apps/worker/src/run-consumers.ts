import { beginConsumer, type Db, laggingConversations } from '@lockstep/db';
import type { Logger } from 'pino';
import { createBatches } from './batches.ts';
import type { Consumer } from './consumer.ts';
import { startSweep } from './sweep.ts';

export interface RunningConsumers {
  /** Wakes all consumers for these conversations; resolves when those that hold the queue have processed them. */
  wake(conversationIds: string[]): Promise<void>;
  /** Stops the sweeps after the running ones. */
  stopSweeps(): Promise<void>;
  /** Waits for the running batches. */
  idle(): Promise<void>;
}

/** Told of each batch of a consumer. */
export type ObserveBatch = (batch: {
  consumer: string;
  conversations: number;
  ms: number;
  failed: boolean;
}) => void;

/**
 * Each consumer runs independently, woken by jobs and by its own sweep, so that a slow or failing one does not block
 * others (rule 9).
 */
export const runConsumers = (
  db: Db,
  consumers: readonly Consumer[],
  sweepSeconds: number,
  log: Logger,
  observe: ObserveBatch = () => {},
): RunningConsumers => {
  const lanes = consumers.map((consumer) => {
    const begin = onceDone(() => beginConsumer(db, consumer));
    const batches = createBatches(
      {
        name: consumer.name,
        work: async (ids) => {
          await begin();
          await observed(consumer, ids, observe);
        },
      },
      log,
      consumer.spacingMs,
    );
    const findLagging = async (limit: number) => {
      await begin();
      return laggingConversations(db, consumer.name, limit);
    };
    return { consumer, batches, sweep: startSweep(findLagging, batches.work, sweepSeconds, log) };
  });
  return {
    wake: async (conversationIds) => {
      const held = lanes.map(({ consumer, batches }) => {
        const working = batches.work(conversationIds);
        if (consumer.holdsQueue) return working;
        // Failures are logged there, and the sweep finds them again.
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

const observed = async (
  { name, work }: Consumer,
  conversationIds: string[],
  observe: ObserveBatch,
): Promise<void> => {
  const startedAt = performance.now();
  let failed = true;
  try {
    await work(conversationIds);
    failed = false;
  } finally {
    const ms = performance.now() - startedAt;
    observe({ consumer: name, conversations: conversationIds.length, ms, failed });
  }
};

/** Runs it once; again only after a failure. */
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
