import type { Logger } from 'pino';

/** What Queue and Worker of BullMQ have in common. */
interface Openable {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Reopening<T> {
  /** The open queue or worker, or null while the queue is down. */
  current(): T | null;
  /** Resolves when it is open for the first time. */
  ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a queue or worker and retries until it works. BullMQ reconnects by itself once it was ready, but an instance
 * whose first connection failed stays failed and is replaced (rule 9: the product starts without the queue). Only the
 * first of several equal errors is logged.
 */
export const keepOpen = <T extends Openable>(
  open: () => T,
  log: Logger,
  { retryMs = 1_000 }: { retryMs?: number } = {},
): Reopening<T> => {
  let current: T | null = null;
  let latest: T | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let lastLogged = '';
  let opened: () => void;
  const ready = new Promise<void>((resolve) => {
    opened = resolve;
  });

  const failed = (error: Error) => {
    const text = (error as { code?: string }).code ?? error.message;
    if (closed || text === lastLogged) return;
    lastLogged = text;
    log.warn({ err: error }, 'queue: away, will go on when it is back');
  };

  const attempt = async () => {
    const candidate = open();
    latest = candidate;
    candidate.on('error', failed);
    try {
      await candidate.waitUntilReady();
      if (closed) return;
      current = candidate;
      lastLogged = '';
      opened();
    } catch (error) {
      failed(error as Error);
      candidate.close().catch(() => {});
      if (!closed) timer = setTimeout(() => void attempt(), retryMs);
    }
  };
  void attempt();

  return {
    current: () => current,
    ready,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await latest?.close().catch((error: Error) => log.debug({ err: error }, 'queue: close'));
    },
  };
};
