import type { InboxEntry, Message, Person, SavedSearch } from '@lockstep/protocol';
import Dexie, { type Table, type Transaction } from 'dexie';
import type { Command } from '../pending/command.ts';
import { commandsIn, OLD_TABLES } from './old-tables.ts';
import type { Held } from './port.ts';

/**
 * Version of the tables below. A change of what a record means or is keyed by: raise it, and add a `version(n)` with an
 * `upgrade` that empties the mirror (it comes again from the server) and converts the commands. A browser that
 * finds a version it does not know rebuilds, see disk.ts.
 */
export const SCHEMA = 2;

const TABLES = {
  meta: 'key',
  entries: 'conversation.id',
  people: 'id',
  held: 'conversationId',
  messages: '[conversationId+seq]',
  commands: 'id',
} as const;

/** Strict durability: what cannot be fetched again must be on disk before a transaction counts as done. */
const isStrict = (mode: string, tables: string[]) =>
  mode === 'readwrite' && tables.includes('commands') && !tables.includes('messages');

export const databaseName = (userId: string): string => `lockstep-${userId}`;

/**
 * The name of the channel between tabs of one account that share a database. A tab of an earlier version has lost its
 * disk to this version and must not remain the sender.
 */
export const tabsName = (userId: string): string => `${databaseName(userId)}-${SCHEMA}`;

/** `epoch` of the writer, `pos` of the inbox, `peopleRev` of the changes of people, how many `messages` are held, whether persistence was `asked` for. */
export type MetaKey = 'epoch' | 'pos' | 'peopleRev' | 'messages' | 'asked';
type Meta =
  | { key: MetaKey; value: number }
  | { key: 'searches'; value: readonly SavedSearch[] }
  | { key: 'generation'; value: string | null };

export interface Idb {
  indexedDB: IDBFactory;
  IDBKeyRange: typeof globalThis.IDBKeyRange;
}

export class Database extends Dexie {
  declare readonly meta: Table<Meta, Meta['key']>;
  declare readonly entries: Table<InboxEntry, string>;
  declare readonly people: Table<Person, string>;
  declare readonly held: Table<Held, string>;
  declare readonly messages: Table<Message, [string, number]>;
  declare readonly commands: Table<Command, string>;

  constructor(name: string, idb: Idb) {
    super(name, { ...idb, autoOpen: false, cache: 'disabled' });
    const { commands: _, ...mirror } = TABLES;
    this.version(1).stores({ ...mirror, ...OLD_TABLES });
    const gone = Object.fromEntries(Object.keys(OLD_TABLES).map((table) => [table, null]));
    this.version(SCHEMA)
      .stores({ ...TABLES, ...gone })
      .upgrade(fromFirst);
    const create = this._createTransaction;
    this._createTransaction = function (mode, names, ...rest) {
      const transaction = create.call(this, mode, names, ...rest);
      if (isStrict(mode, Array.from(names)))
        Object.assign(transaction, { chromeTransactionDurability: 'strict' });
      return transaction;
    };
  }

  /**
   * Throws if the open database was not made by this version (newer schema, or other keys). Dexie alone does not
   * notice either.
   */
  verify(): void {
    const raw = this.backendDB();
    // Dexie multiplies by 10, and adds one for each repair of missing tables.
    if (raw.version >= (SCHEMA + 1) * 10) throw new Error(`unknown schema ${raw.version}`);
    const transaction = raw.transaction(Object.keys(TABLES));
    for (const [table, key] of Object.entries(TABLES)) {
      const path = transaction.objectStore(table).keyPath;
      const found = Array.isArray(path) ? `[${path.join('+')}]` : path;
      if (found !== key) throw new Error(`table ${table} has the key ${found}`);
    }
  }
}

/** From version 1: five tables became one, and `owed` was renamed to `stale`. */
const fromFirst = async (transaction: Transaction): Promise<void> => {
  const names = Object.keys(OLD_TABLES) as (keyof typeof OLD_TABLES)[];
  const read = await Promise.all(
    names.map(async (name) => [name, await transaction.table(name).toArray()] as const),
  );
  await transaction.table('commands').bulkPut(commandsIn(Object.fromEntries(read)));
  await transaction
    .table('entries')
    .toCollection()
    .modify((entry: { owed?: true; stale?: true }) => {
      if (!entry.owed) return;
      delete entry.owed;
      entry.stale = true;
    });
};
