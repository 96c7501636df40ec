import type { InboxEntry, Message, Person } from '@lockstep/protocol';
import Dexie, { type Table } from 'dexie';
import type { DraftRecord, Held, OutboxRecord, PersonalRecord, ReadingRecord } from './port.ts';

/**
 * Version of the tables below. A change of what a record means or is keyed by: raise it, and add a `version(n)` with an
 * `upgrade` that empties the mirror (it comes again from the server) and converts the shared tables. A browser that
 * finds a version it does not know rebuilds, see disk.ts.
 */
export const SCHEMA = 1;

const TABLES = {
  meta: 'key',
  entries: 'conversation.id',
  people: 'id',
  held: 'conversationId',
  messages: '[conversationId+seq]',
  outbox: 'clientId',
  drafts: 'conversationId',
  personal: 'conversationId',
  reading: 'conversationId',
} as const;

/** What cannot be fetched again: these are on the disk itself, not in a buffer, before a transaction counts as done. */
const STRICT = new Set(['outbox', 'drafts']);

export const databaseName = (userId: string): string => `lockstep-${userId}`;

/** `epoch` of the writer, `pos` of the inbox, `peopleRev` of the changes of people, how many `messages` are held, whether persistence was `asked` for. */
export type MetaKey = 'epoch' | 'pos' | 'peopleRev' | 'messages' | 'asked';

export interface Idb {
  indexedDB: IDBFactory;
  IDBKeyRange: typeof globalThis.IDBKeyRange;
}

export class Database extends Dexie {
  declare readonly meta: Table<{ key: MetaKey; value: number }, MetaKey>;
  declare readonly entries: Table<InboxEntry, string>;
  declare readonly people: Table<Person, string>;
  declare readonly held: Table<Held, string>;
  declare readonly messages: Table<Message, [string, number]>;
  declare readonly outbox: Table<OutboxRecord, string>;
  declare readonly drafts: Table<DraftRecord, string>;
  declare readonly personal: Table<PersonalRecord, string>;
  declare readonly reading: Table<ReadingRecord, string>;

  constructor(name: string, idb: Idb) {
    super(name, { ...idb, autoOpen: false, cache: 'disabled' });
    this.version(SCHEMA).stores(TABLES);
    const create = this._createTransaction;
    this._createTransaction = function (mode, names, ...rest) {
      const transaction = create.call(this, mode, names, ...rest);
      const list = Array.from(names);
      const strict =
        mode === 'readwrite' && list.some((table) => STRICT.has(table)) && !list.includes('messages');
      if (strict) Object.assign(transaction, { chromeTransactionDurability: 'strict' });
      return transaction;
    };
  }

  /** Throws when what is open was not made by this version: a newer schema, or other keys. Dexie alone lets both by. */
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
