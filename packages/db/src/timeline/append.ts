import { type Content, LockstepError, type Message, type Written } from '@lockstep/protocol';
import type pg from 'pg';
import { failureOf } from '../errors.ts';
import { inTransaction } from '../transaction.ts';
import { APPEND_MORE_SQL, APPEND_SQL, type AppendRow, LOCK_SQL } from './append-sql.ts';
import { Batcher, type Pending } from './batcher.ts';
import { mentionColumn } from './mentions.ts';
import { jsonOrNull, messageFromJson, toMessage } from './row.ts';

export interface AppendInput extends Omit<Written, 'content'> {
  conversationId: string;
  senderId: string;
  /** Chosen by the device; a retry with the same id returns the first message (rule 2). */
  clientId: string;
  /** Checked by who asks; here also what a newer version knows. */
  content?: Content | undefined;
}

export interface Appended {
  message: Message;
  /** True if this client id was stored before; `message` is then in its current state. */
  duplicate: boolean;
}

export interface AppenderOptions {
  /** Messages in one statement at most. Default 256. */
  batchSize?: number;
  /** Statements in flight at most. Default 2. */
  concurrency?: number;
  /** How long one message is tried before `unavailable`, in ms. Default 10,000. */
  timeoutMs?: number;
  /** Maximum waiting messages; above it sends are refused as `unavailable` immediately. Default 20,000. */
  maxWaiting?: number;
  /** Called after each statement that was carried out, with how many messages it stored and its time in ms. */
  onBatch?: (stored: number, ms: number) => void;
}

type Item = Pending<AppendInput, Appended>;
type Batch = Map<string, Item[]>;

/**
 * Group commit: sends that arrive while statements are in flight share the next one. All messages of a batch are
 * resolved in one tick, in the order of `seq`.
 */
export class Appender {
  readonly #pool: pg.Pool;
  readonly #batchSize: number;
  readonly #concurrency: number;
  readonly #timeoutMs: number;
  readonly #maxWaiting: number;
  readonly #onBatch: AppenderOptions['onBatch'];
  readonly #batcher = new Batcher<AppendInput, Appended>();
  #inFlight = 0;
  #scheduled = false;
  #idleWaiters: (() => void)[] = [];

  constructor(pool: pg.Pool, options: AppenderOptions = {}) {
    const { batchSize = 256, concurrency = 2, timeoutMs = 10_000, maxWaiting = 20_000 } = options;
    this.#pool = pool;
    this.#batchSize = batchSize;
    this.#concurrency = concurrency;
    this.#timeoutMs = timeoutMs;
    this.#maxWaiting = maxWaiting;
    this.#onBatch = options.onBatch;
  }

  /** Messages that wait for a statement. */
  get waiting(): number {
    return this.#batcher.waiting;
  }

  /**
   * Resolves after commit (rule 3). Rejects with LockstepError `not_found` when the sender is not a member,
   * `invalid_input` when Postgres cannot store the text, `unavailable` when the outcome is unknown: send again with
   * the same client id.
   */
  append(input: AppendInput): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#batcher.waiting >= this.#maxWaiting) return reject(unavailable('too many sends wait'));
      const until = performance.now() + this.#timeoutMs;
      this.#batcher.add(input.conversationId, {
        input,
        until,
        attempts: 0,
        contended: false,
        resolve,
        reject,
      });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits or is in flight. */
  idle(): Promise<void> {
    if (this.#batcher.empty) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Runs after the current tick, so that everything arriving in it is in one batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#inFlight < this.#concurrency && this.#batcher.hasReady) void this.#flush();
      if (this.#batcher.empty) for (const resolve of this.#idleWaiters.splice(0)) resolve();
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#batcher.take(this.#batchSize);
    this.#inFlight++;
    const again: Batch = new Map();
    try {
      await this.#store([...batch.values()].flat(), again);
    } finally {
      this.#inFlight--;
      this.#batcher.done(batch, again);
      this.#schedule();
    }
  }

  async #store(batch: Item[], again: Batch): Promise<void> {
    const items = batch.filter(inTime);
    if (items.length === 0) return;
    try {
      const startedAt = performance.now();
      const rows = await this.#run(items);
      const stored = this.#settle(items, rows, again);
      this.#onBatch?.(stored, performance.now() - startedAt);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'connection' || failure === 'conflict') {
        for (const item of items) this.#retry(item, again);
        await pause(items[0]?.attempts ?? 1);
      } else if (failure === 'input' && items.length > 1) {
        // One text that Postgres refuses must not fail the others: retry the messages one by one.
        for (const item of items) await this.#store([item], again);
      } else {
        for (const item of items)
          item.reject(failure === 'input' ? new LockstepError('invalid_input') : (error as Error));
      }
    }
  }

  /**
   * Runs one statement. If another process came in between the last time, a separate statement takes the locks first:
   * the snapshot is then newer than the lock and cannot be stale again, however many processes write.
   */
  async #run(items: Item[]): Promise<AppendRow[]> {
    const ids = [...new Set(items.map((item) => item.input.conversationId))];
    const more = moreColumns(items);
    const append = more
      ? { name: 'append-more', text: APPEND_MORE_SQL, values: [...columns(ids, items), ...more] }
      : { name: 'append', text: APPEND_SQL, values: columns(ids, items) };
    if (!items.some((item) => item.contended))
      return (await this.#pool.query<AppendRow>({ ...append, ...TIMEOUT })).rows;
    return inTransaction(this.#pool, async (client) => {
      await client.query({ name: 'append-lock', text: LOCK_SQL, values: [ids], ...TIMEOUT });
      return (await client.query<AppendRow>({ ...append, ...TIMEOUT })).rows;
    });
  }

  /** Returns how many were new. */
  #settle(items: Item[], rows: AppendRow[], again: Batch): number {
    let count = 0;
    const byOrd = new Map(rows.map((row) => [row.ord, row]));
    const first = new Map<string, Appended>();
    for (const [index, item] of items.entries()) {
      const { input } = item;
      const row = byOrd.get(index + 1);
      if (row?.stale) {
        item.contended = true;
        this.#retry(item, again);
        continue;
      }
      if (!row?.member) {
        item.reject(new LockstepError('not_found'));
        continue;
      }
      const key = `${input.conversationId} ${input.senderId} ${input.clientId}`;
      const earlier = first.get(key);
      if (earlier) {
        item.resolve({ message: earlier.message, duplicate: true });
        continue;
      }
      const appended = row.stored
        ? { message: messageFromJson(row.stored), duplicate: true }
        : stored(input, row);
      if (!appended.duplicate) count++;
      first.set(key, appended);
      item.resolve(appended);
    }
    return count;
  }

  #retry(item: Item, again: Batch): void {
    item.attempts++;
    const key = item.input.conversationId;
    const queue = again.get(key);
    if (queue) queue.push(item);
    else again.set(key, [item]);
  }
}

/** A server that does not answer counts as a broken connection after 10 s. pg knows the field, its types do not. */
const TIMEOUT = { query_timeout: 10_000 };

const unavailable = (why: string) => new LockstepError('unavailable', why);

const inTime = (item: Item): boolean => {
  if (performance.now() < item.until) return true;
  item.reject(unavailable(`not stored after ${item.attempts} tries`));
  return false;
};

const columns = (ids: string[], items: Item[]) => [
  ids,
  items.map((item) => item.input.conversationId),
  items.map((item) => item.input.senderId),
  items.map((item) => item.input.clientId),
  items.map((item) => item.input.body),
];

/** Null where no message of the batch mentions anybody or has more than a text. */
const moreColumns = (items: Item[]) => {
  const mentions = mentionColumn(items.map((item) => item.input.body));
  if (!mentions && !items.some((item) => item.input.content)) return null;
  return [mentions ?? items.map(() => null), items.map((item) => jsonOrNull(item.input.content))];
};

const stored = ({ conversationId, senderId, clientId, body, content }: AppendInput, row: AppendRow) => ({
  message: toMessage({
    conversation_id: conversationId,
    seq: row.seq,
    rev: row.rev,
    text_rev: null,
    sender_id: senderId,
    client_id: clientId,
    state: 'live',
    body,
    content: content && Object.keys(content).length > 0 ? content : null,
    annotations: null,
    system: null,
    created_at: new Date(row.at),
    edited_at: null,
    recalled_at: null,
  }),
  duplicate: false,
});

/** 20 ms, doubled with each attempt up to 2 s, with jitter so that processes do not return together. */
const pause = (attempt: number) =>
  new Promise<void>((resolve) =>
    setTimeout(resolve, Math.min(20 * 2 ** attempt, 2_000) * (0.5 + Math.random() / 2)),
  );
