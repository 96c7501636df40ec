import { JOB_CONVERSATIONS } from '@lockstep/core/queue';
import { failureOf } from '@lockstep/db';
import { IndexUnavailable } from '@lockstep/search';
import type { Logger } from 'pino';
import type { Consumer } from './consumer.ts';

/** The part of a consumer used here. */
type Worked = Pick<Consumer, 'name' | 'work'>;

export interface Batches {
  /** Resolves when the consumer has processed these; rejects if any failed. */
  work(conversationIds: string[]): Promise<void>;
  /** Waits for the running batch. */
  idle(): Promise<void>;
}

/**
 * Runs one batch at a time; conversations added meanwhile share the next one, each once. So a burst of jobs for the
 * same conversations costs one pass. Batches start at least `spacingMs` apart, so that consumers with a high cost per
 * batch run fewer, larger batches under load.
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

/** A failed batch is retried one by one, so that one failing conversation does not block others. */
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

const isAway = (error: unknown): boolean =>
  failureOf(error) === 'connection' || error instanceof IndexUnavailable;
