import pg from 'pg';
import { ACCESS_CHANNEL } from './people/access.ts';

/** How often the connection is checked, and how long an answer may take before it is dropped, in ms. */
const BEAT_MS = 10_000;
const ANSWER_MS = 5_000;
/** Delay before reconnecting, and its maximum. */
const RETRY_MS = [100, 500, 1_000, 2_000, 5_000] as const;

export interface AccessListenerOptions {
  connectionString: string;
  /**
   * The access of this person has changed, or this session was revoked; null: notices of anybody may have been lost.
   */
  onChange(userId: string | null, sessionId: string | null): void;
  onError(error: Error): void;
}

export interface AccessListener {
  /** Listens for the first time. */
  ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Gets notices from the database that access was withdrawn, whichever process or script did it (rule 10), so no push
 * between processes is needed. After a lost connection it reconnects, and everything is checked.
 */
export const listenForAccess = ({
  connectionString,
  onChange,
  onError,
}: AccessListenerOptions): AccessListener => {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let tries = 0;
  let started: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    started = resolve;
  });

  const connect = async () => {
    const next = new pg.Client({
      connectionString,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      application_name: 'lockstep-access',
    });
    client = next;
    let lost = false;
    const lose = (error?: Error) => {
      if (lost) return;
      lost = true;
      clearTimeout(timer);
      if (error && !closed) onError(error);
      next.end().catch(() => {});
      if (closed) return;
      const wait = RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)] ?? 0;
      timer = setTimeout(() => void connect(), wait).unref();
    };
    next.on('error', lose);
    next.on('end', () => lose());
    next.on('notification', ({ payload }) => {
      const [userId, sessionId = null] = payload?.split(' ') ?? [];
      if (userId) onChange(userId, sessionId);
    });
    try {
      await next.connect();
      await next.query(`listen ${ACCESS_CHANNEL}`);
    } catch (error) {
      return lose(error as Error);
    }
    if (closed) return lose();
    // Notices sent while not connected are lost.
    if (tries > 0) onChange(null, null);
    tries = 0;
    started();
    const beat = () => {
      timer = setTimeout(() => next.query('select 1').then(beat, lose), BEAT_MS).unref();
    };
    beat();
  };
  void connect();

  return {
    ready,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
};
