import type { PartHealth } from '@lockstep/protocol';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { type QueueConnection, queueBackend } from './backend.ts';
import { keepOpen } from './keep-open.ts';

/**
 * The content of a job: conversations with new changes. The checkpoint says what to read, so a job may be lost or run
 * twice.
 */
export interface ConversationsJob {
  conversationIds: string[];
}

/** Conversations in one job at most: as many as one fan-out takes. */
export const JOB_CONVERSATIONS = 100;
/** Least time between two jobs, in ms. */
const SPACING_MS = 25;
/**
 * Additional delay of the next job for each conversation of a job, in ms: under load, batches grow instead of the
 * number of jobs.
 */
const PER_CONVERSATION_MS = 2;

export interface Wakeups {
  /** Wakes the consumers for these conversations. Never throws, never waits; the sweep finds what the queue refuses. */
  enqueue(conversationIds: Iterable<string>): void;
  health(): Promise<PartHealth>;
  /** Jobs that no worker has taken. Rejects while the queue is down. */
  waiting(): Promise<number>;
  /** Sends what is waiting and closes. */
  close(): Promise<void>;
}

/** Port to the consumers (docs/architecture.md, "Consumers"): ids are gathered in a set and sent in few jobs. */
export const createWakeups = (connection: QueueConnection, log: Logger): Wakeups => {
  const backend = queueBackend(connection);
  const queue = keepOpen(
    () =>
      new backend.classes.Queue<ConversationsJob>(backend.name, {
        connection: backend.producer,
        defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: 100 },
        skipVersionCheck: true,
      }),
    log,
  );
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | null = null;
  let wait = SPACING_MS;
  let dropped = 0;

  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, wait);
  };

  const flush = (): Promise<void> => {
    sending ??= send().finally(() => {
      sending = null;
      if (pending.size > 0) schedule();
    });
    return sending;
  };

  const send = async () => {
    const ids = [...pending];
    pending.clear();
    wait = SPACING_MS + PER_CONVERSATION_MS * Math.min(ids.length, JOB_CONVERSATIONS);
    const open = queue.current();
    try {
      if (!open) throw new Error('the queue is not open');
      // Not in bulk: on Postgres that makes two temporary tables a call, which costs four times as much and leaves
      // 11 KB of dead rows in the catalog.
      await Promise.all(chunks(ids).map((conversationIds) => open.add('moved', { conversationIds })));
      if (dropped > 0) log.info({ conversations: dropped }, 'queue: back; the sweep finds what was dropped');
      dropped = 0;
    } catch (error) {
      if (dropped === 0) log.warn({ err: error }, 'queue: wake-ups are dropped, the sweep finds them');
      dropped += ids.length;
    }
  };

  return {
    enqueue: (conversationIds) => {
      for (const id of conversationIds) pending.add(id);
      if (!sending && pending.size > 0) schedule();
    },
    health: () => queueHealth(queue.current(), backend.kind),
    waiting: async () => {
      const open = queue.current();
      if (!open) throw new Error('the queue is not open');
      return open.getWaitingCount();
    },
    close: async () => {
      clearTimeout(timer);
      await sending;
      if (pending.size > 0 && queue.current()) await within(2_000, flush());
      await within(5_000, queue.close());
    },
  };
};

const queueHealth = async (
  queue: Pick<Queue, 'getWaitingCount'> | null,
  kind: string,
): Promise<PartHealth> => {
  if (!queue) return { ok: false, detail: `${kind}: not connected` };
  try {
    const waiting = await within(2_000, queue.getWaitingCount());
    return waiting === undefined
      ? { ok: false, detail: `${kind}: no answer in 2 s` }
      : { ok: true, detail: `${kind}, ${waiting} waiting` };
  } catch (error) {
    return { ok: false, detail: `${kind}: ${(error as { code?: string }).code ?? 'not connected'}` };
  }
};

/** The result, or undefined when it takes longer than `ms`. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const chunks = (ids: string[]): string[][] => {
  const result: string[][] = [];
  for (let at = 0; at < ids.length; at += JOB_CONVERSATIONS)
    result.push(ids.slice(at, at + JOB_CONVERSATIONS));
  return result;
};
