import { JOB_CONVERSATIONS } from '@lockstep/core/queue';
import { failureOf } from '@lockstep/db';
import { IndexAway } from '@lockstep/search';
import type { Logger } from 'pino';
import type { Consumer } from './consumer.ts';

/** What batches need of a consumer. */
type Worked = Pick<Consumer, 'name' | 'work'>;

export interface Batches {
  /** Resolves when the consumer has worked these off; rejects when it failed on any of them. */
  work(conversationIds: string[]): Promise<void>;
  /** Waits for the batch in hand. */
  idle(): Promise<void>;
}

/**
 * One batch at a time through the consumer; what is told meanwhile travels together in the next one, each conversation
 * once. So a burst of jobs about the same conversations costs one pass. The next one begins `spacingMs` after the last
 * at the earliest: what costs much for each batch and little for each message is done in fewer batches under load.
 */
export const createBatches = (consumer: Worked, log: Logger, spacingMs = 0): Batches => {
  let waiting = new Set<string>();
  let next: Promise<void> | null = null;
  let running: Promise<void> = Promise.resolve();
  let notBefore = 0;

  const takeNext = (): Promise<void> => {
    const before = running;
    const batch = before
      .catch(() => {})
      .then(async () => {
        const pause = notBefore - performance.now();
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        const ids = [...waiting];
        waiting = new Set();
        next = null;
        try {
          for (let at = 0; at < ids.length; at += JOB_CONVERSATIONS)
            await workOff(consumer, ids.slice(at, at + JOB_CONVERSATIONS), log);
        } finally {
          notBefore = performance.now() + spacingMs;
        }
      });
    running = batch;
    return batch;
  };

  return {
    work: (conversationIds) => {
      for (const id of conversationIds) waiting.add(id);
      next ??= takeNext();
      return next;
    },
    idle: () => running.catch(() => {}),
  };
};

/** A batch that fails is tried one by one, so that a conversation that cannot be worked off does not hold up others. */
const workOff = async (consumer: Worked, ids: string[], log: Logger): Promise<void> => {
  try {
    await consumer.work(ids);
  } catch (error) {
    if (ids.length === 1 || isAway(error)) {
      log.error({ err: error, consumer: consumer.name, conversationIds: ids.slice(0, 5) }, 'consumer failed');
      throw error;
    }
    const failures: unknown[] = [];
    for (const id of ids) await workOff(consumer, [id], log).catch((failure) => failures.push(failure));
    if (failures.length > 0) throw failures[0];
  }
};

const isAway = (error: unknown): boolean => failureOf(error) === 'connection' || error instanceof IndexAway;
