import type { Command } from '../pending/command.ts';
import { commandTable } from './command-table.ts';
import { Database, databaseName, type Idb } from './database.ts';
import { isDiskFault, isFull, isPassing } from './disk-faults.ts';
import { MAX_MESSAGES } from './eviction.ts';
import { isSettledDraft, MemoryDisk, MemoryStore } from './memory.ts';
import type {
  CommandTable,
  DegradedReason,
  HeldMessages,
  LocalStore,
  SavedState,
  StoreWrite,
} from './port.ts';
import { deleteDatabase, rescue, Unanswered, within } from './rescue.ts';
import {
  clearAll,
  dropRedundantDrafts,
  makeRoom,
  raiseEpoch,
  readAll,
  readMessages,
  restore,
  writeBatch,
} from './transactions.ts';

export interface DiskStoreOptions {
  userId: string;
  /** Messages kept at most. */
  maxMessages?: number;
  /** The disk is given up after this time without an answer, in ms. */
  timeoutMs?: number;
  /** Of the browser, when left out; null: there is none. */
  idb?: Idb | null;
  /** Asks the browser not to clear this site's data when room is short. */
  persist?: () => Promise<unknown>;
}

/**
 * One account in IndexedDB, `lockstep-<userId>`, shared by all tabs.
 *
 * What can go wrong, and what happens then:
 * - Made by an unknown version, or of another shape: the commands are read out and the database is rebuilt.
 * - Full: half of the messages are deleted and the transaction is tried once more; then memory. Commands are still
 *   written to disk for as long as that works.
 * - Another tab deletes it, or opens it with a newer schema: it is closed immediately, so that the other tab does not
 *   wait.
 * - No IndexedDB, no answer, closed by the browser: memory, with the commands that this tab knows of.
 */
export class DiskStore implements LocalStore {
  kind: 'disk' | 'memory' = 'disk';
  readonly commands: CommandTable;

  readonly #listeners = new Set<(reason: DegradedReason) => void>();
  readonly #timeoutMs: number;
  /** This tab's copy of the commands: all that is left if the disk fails. */
  readonly #known = new MemoryDisk();
  readonly #memory: MemoryStore;
  #db: Database | null = null;
  /** Too full for the mirror; small writes may still work. */
  #full: Database | null = null;
  #opening: Promise<void> | null = null;
  /** What opening has read, for the `load` that caused it; discarded once anything else has run. */
  #first: Awaited<ReturnType<typeof readAll>> | null = null;
  #over = false;

  constructor(readonly options: DiskStoreOptions) {
    this.#timeoutMs = options.timeoutMs ?? 8_000;
    this.#memory = new MemoryStore({ ...options, disk: this.#known });
    this.commands = commandTable({
      known: this.#known,
      memory: this.#memory,
      full: () => this.#full,
      run: (onDisk, inMemory) => this.#run(onDisk, inMemory),
    });
  }

  onDegraded(listener: (reason: DegradedReason) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async load(): Promise<SavedState> {
    const { userId } = this.options;
    await this.#open();
    const first = this.#first;
    this.#first = null;
    if (first && this.#db) return { userId, ...first };
    return this.#run(
      async (db) => ({ userId, ...(await readAll(db)) }),
      () => this.#memory.load(),
    );
  }

  async takeOver(): Promise<{ epoch: number; pos: number }> {
    const lead = await this.#run(raiseEpoch, () => this.#memory.takeOver());
    this.#known.epoch = Math.max(this.#known.epoch, lead.epoch);
    return lead;
  }

  write(epoch: number, batch: StoreWrite): Promise<void> {
    return this.#run(
      async (db) => {
        await writeBatch(db, epoch, batch, this.options.maxMessages ?? MAX_MESSAGES);
        const { commands } = this.#known;
        if (![...commands.values()].some(isSettledDraft)) return;
        for (const id of await dropRedundantDrafts(db)) commands.delete(id);
      },
      () => this.#memory.write(epoch, batch),
    );
  }

  messages(conversationId: string, from: number, to: number): Promise<HeldMessages> {
    return this.#run(
      (db) => readMessages(db, conversationId, from, to),
      () => this.#memory.messages(conversationId, from, to),
    );
  }

  async wipe(): Promise<void> {
    this.#over = true;
    await this.#opening;
    await this.#memory.wipe();
    const { idb } = this;
    if (!idb) return;
    // A tab that is frozen may keep the database from being deleted, but not from being emptied.
    const db = this.#db ?? this.#full ?? new Database(databaseName(this.options.userId), idb);
    this.#db = null;
    this.#full = null;
    const soon = this.#timeoutMs / 4;
    const emptied = await within(
      Promise.resolve(db.isOpen() ? db : db.open()).then(() => clearAll(db)),
      soon,
    ).then(
      () => true,
      () => false,
    );
    db.close();
    await deleteDatabase(idb.indexedDB, databaseName(this.options.userId), soon).catch((error) => {
      if (!emptied) throw error;
    });
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.#opening;
    this.#db?.close();
    this.#full?.close();
    this.#db = null;
    this.#full = null;
    await this.#memory.close();
  }

  get idb(): Idb | null {
    if (this.options.idb !== undefined) return this.options.idb;
    try {
      const { indexedDB, IDBKeyRange } = globalThis;
      return indexedDB ? { indexedDB, IDBKeyRange } : null;
    } catch {
      // Some browsers throw where storage is forbidden.
      return null;
    }
  }

  async #run<T>(onDisk: (db: Database) => Promise<T>, inMemory: () => Promise<T>): Promise<T> {
    await this.#open();
    this.#first = null;
    for (let attempt = 0; this.#db && !this.#over; attempt++) {
      const db = this.#db;
      try {
        return await within(onDisk(db), this.#timeoutMs);
      } catch (error) {
        if (!isDiskFault(error)) throw error;
        if (isFull(error) && attempt === 0) await within(makeRoom(db), this.#timeoutMs).catch(() => {});
        else if (this.#db === db) await this.#degrade(isFull(error) ? 'full' : 'unusable');
      }
    }
    return inMemory();
  }

  #open(): Promise<void> {
    if (!this.#opening) this.#opening = this.#over ? Promise.resolve() : this.#openOrRebuild();
    return this.#opening;
  }

  async #openOrRebuild(): Promise<void> {
    const { idb } = this;
    if (!idb) return this.#degrade('unusable');
    try {
      await this.#connect(idb);
    } catch (error) {
      let passing = isPassing(error);
      let rescued: Command[] = [];
      try {
        if (!(error instanceof Unanswered))
          rescued = await rescue(idb.indexedDB, databaseName(this.options.userId), this.#timeoutMs);
      } catch (again) {
        passing ||= isPassing(again);
      }
      // On a temporary error the database is left alone: unsent commands in it may be readable later.
      if (!passing) await this.#rebuild(idb, rescued).catch(() => {});
      if (this.#db) return;
      this.#remember(rescued);
      await this.#degrade('unusable');
    }
  }

  async #rebuild(idb: Idb, rescued: readonly Command[]) {
    await deleteDatabase(idb.indexedDB, databaseName(this.options.userId), this.#timeoutMs);
    await this.#connect(idb, rescued);
  }

  /** Rejects when the database is not as this version makes it, or cannot be read. */
  async #connect(idb: Idb, rescued?: readonly Command[]): Promise<void> {
    const db = new Database(databaseName(this.options.userId), idb);
    db.on('versionchange', () => {
      // Close immediately: the other tab waits for it.
      if (this.#db === db) void this.#degrade('taken');
      db.close();
      return false;
    });
    db.on('close', () => {
      if (this.#db === db) void this.#degrade('unusable');
    });
    try {
      await within(db.open(), this.#timeoutMs);
      db.verify();
      if (rescued) await within(restore(db, rescued), this.#timeoutMs);
      this.#first = await within(readAll(db), this.#timeoutMs);
    } catch (error) {
      db.close();
      throw error;
    }
    if (!db.isOpen()) throw new Unanswered('taken while it was opened');
    this.#db = db;
    this.#remember(this.#first.commands);
    void this.#askToPersist(db);
  }

  /** Once per account and browser, because some browsers ask the user. */
  async #askToPersist(db: Database) {
    try {
      if (await db.meta.get('asked')) return;
      await db.meta.put({ key: 'asked', value: 1 });
      await (this.options.persist ?? (() => globalThis.navigator?.storage?.persist?.()))();
    } catch {
      // Best effort.
    }
  }

  #remember(commands: readonly Command[]) {
    for (const command of commands) this.#known.commands.set(command.id, command);
  }

  async #degrade(reason: DegradedReason): Promise<void> {
    const db = this.#db;
    this.#db = null;
    this.kind = 'memory';
    if (reason === 'full' && db) this.#full = db;
    else db?.close();
    for (const listener of this.#listeners) listener(reason);
  }
}
