import type { Message } from '@lockstep/protocol';
import { Database, databaseName, type Idb } from './database.ts';
import type { Held } from './port.ts';
import { within } from './rescue.ts';

/** Messages read at a time. */
const CHUNK = 2_000;
/** Longest wait for the disk, in ms; what arrives later is still used. */
const TIMEOUT_MS = 20_000;

/** Receives the held messages of a conversation, replacing the earlier ones. */
export type Take = (conversationId: string, messages: readonly Message[]) => void;

/** Reads the messages of one account from the disk; only the engine writes. */
export class HeldMessages {
  /** What has been read, by conversation. */
  readonly #known = new Map<string, string>();
  #db: Database | null = null;

  constructor(
    readonly userId: string,
    readonly idb: Idb,
  ) {}

  /**
   * Reads the conversations that have changed since the last time, the newest first. Rejects if there is no disk or
   * it does not answer; what was read until then stays valid.
   */
  refresh(take: Take): Promise<void> {
    return within(this.#refresh(take), TIMEOUT_MS);
  }

  async #refresh(take: Take): Promise<void> {
    const db = await this.#open();
    if (!db) return this.#forget(new Set(), take);
    const [held, entries] = await db.transaction('r', db.held, db.entries, () =>
      Promise.all([db.held.toArray(), db.entries.toArray()]),
    );
    const lastAt = new Map(entries.map(({ conversation, last }) => [conversation.id, last?.createdAt ?? 0]));
    this.#forget(new Set(held.map(({ conversationId }) => conversationId)), take);
    held.sort((a, b) => (lastAt.get(b.conversationId) ?? 0) - (lastAt.get(a.conversationId) ?? 0));
    for (const one of held)
      if (this.#known.get(one.conversationId) !== mark(one)) await this.#read(db, one, take);
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  #forget(held: ReadonlySet<string>, take: Take): void {
    for (const id of this.#known.keys()) {
      if (held.has(id)) continue;
      this.#known.delete(id);
      take(id, []);
    }
  }

  /** In one transaction, so that what is taken is what `held` says. */
  #read(db: Database, { conversationId: id }: Held, take: Take): Promise<void> {
    return db.transaction('r', db.held, db.messages, async () => {
      const held = await db.held.get(id);
      if (!held) return;
      const messages: Message[] = [];
      for (const [from, to] of held.ranges)
        for (let start = from; start <= to; start += CHUNK) {
          const end = Math.min(to, start + CHUNK - 1);
          const keys = db.messages.where('[conversationId+seq]').between([id, start], [id, end], true, true);
          messages.push(...(await keys.toArray()));
        }
      this.#known.set(id, mark(held));
      take(id, messages);
    });
  }

  /** Null when there is none: opening would make one. */
  async #open(): Promise<Database | null> {
    if (this.#db?.isOpen()) return this.#db;
    const name = databaseName(this.userId);
    const known = await this.idb.indexedDB.databases?.();
    if (known && !known.some((one) => one.name === name)) return null;
    const db = new Database(name, this.idb);
    // Close immediately: a tab that deletes it or opens a newer schema waits for this.
    db.on('versionchange', () => {
      db.close();
      return false;
    });
    await db.open();
    try {
      db.verify();
    } catch (error) {
      db.close();
      throw error;
    }
    this.#db = db;
    return db;
  }
}

/** Differs whenever the messages do. */
const mark = ({ rev, ranges }: Held): string => `${rev}:${ranges.join(';')}`;
