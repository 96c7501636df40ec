import type { Logger } from 'pino';
import { type QueueConnection, queueBackend } from './backend.ts';
import { keepOpen } from './keep-open.ts';
import type { ConversationsJob } from './wakeups.ts';

/**
 * Seconds between two questions for jobs when none is announced; the sweep finds what such an announcement would have
 * said. Long enough for an idle connection to be closed in between.
 */
const ASK_SECONDS = 30;

/** Jobs taken at once; the worker merges their conversations into one batch. */
const JOBS_AT_ONCE = 16;

export interface QueueConsumer {
  /** Resolves once jobs are being taken. */
  ready: Promise<void>;
  /** Finishes the jobs in hand, takes no new ones. */
  close(): Promise<void>;
}

/**
 * Takes jobs and passes their conversations to `work`. A failed job is not retried, since the sweep finds its
 * conversations. At least once: `work` may get the same conversation twice, also in two processes at once.
 */
export const consumeConversations = (
  connection: QueueConnection,
  log: Logger,
  work: (conversationIds: string[]) => Promise<void>,
): QueueConsumer => {
  const backend = queueBackend(connection);
  return keepOpen(
    () =>
      new backend.classes.Worker<ConversationsJob>(
        backend.name,
        async (job) => work(job.data.conversationIds),
        {
          connection: backend.worker,
          concurrency: JOBS_AT_ONCE,
          drainDelay: ASK_SECONDS,
          runRetryDelay: 1_000,
          skipVersionCheck: true,
        },
      ),
    log,
  );
};
