import type { Table } from 'dexie';
import type { Database } from './database.ts';
import type { MemoryDisk, MemoryStore } from './memory.ts';
import {
  type Change,
  type DraftRecord,
  inOrder,
  type OutboxRecord,
  type PersonalRecord,
  type ReadingRecord,
  type SharedTable,
} from './port.ts';
import { changeDraft, changeRow } from './transactions.ts';

interface Records {
  outbox: OutboxRecord;
  drafts: DraftRecord;
  personal: PersonalRecord;
  reading: ReadingRecord;
}

interface Ways {
  known: MemoryDisk;
  memory: MemoryStore;
  /** A disk that has no room for the mirror any more. */
  full: () => Database | null;
  run<T>(onDisk: (db: Database) => Promise<T>, inMemory: () => Promise<T>): Promise<T>;
}

const keyOf = (record: Records[keyof Records]): string =>
  'clientId' in record ? record.clientId : record.conversationId;

/** A shared table on disk. What it reads and writes is kept in `known` as well, for when the disk goes. */
export const sharedTable = <N extends keyof Records>(name: N, ways: Ways): SharedTable<Records[N]> => {
  type R = Records[N];
  const { run, full } = ways;
  const known = ways.known[name] as Map<string, R>;
  const memory = ways.memory[name] as unknown as SharedTable<R>;
  const on = (db: Database) => db[name] as unknown as Table<R, string>;
  /** In memory it is done; on the disk, if that still takes it, for the next start. */
  const alsoOnDisk = (write: (table: Table<R, string>) => PromiseLike<unknown>) => {
    const db = full();
    if (db) write(on(db)).then(undefined, () => {});
  };

  const inOne = (db: Database, key: string, change: Change<R>): Promise<R | null> => {
    if (name === 'drafts')
      return changeDraft(db, key, change as unknown as Change<DraftRecord>) as Promise<R | null>;
    return db.transaction('rw', on(db), () => changeRow(on(db), key, change));
  };

  return {
    all: () =>
      run(
        async (db) => {
          const records = await on(db).toArray();
          known.clear();
          for (const record of records) known.set(keyOf(record), record);
          return name === 'outbox' ? (records as OutboxRecord[]).sort(inOrder) : records;
        },
        () => memory.all(),
      ) as Promise<R[]>,
    get: (key) =>
      run(
        async (db) => (await on(db).get(key)) ?? null,
        () => memory.get(key),
      ),
    put: (record) =>
      run(
        async (db) => {
          await on(db).put(record);
          known.set(keyOf(record), record);
        },
        async () => {
          await memory.put(record);
          alsoOnDisk((table) => table.put(record));
        },
      ),
    delete: (key) =>
      run(
        async (db) => {
          await on(db).delete(key);
          known.delete(key);
        },
        async () => {
          await memory.delete(key);
          alsoOnDisk((table) => table.delete(key));
        },
      ),
    update: (key, change) =>
      run(
        async (db) => {
          const next = await inOne(db, key, change);
          if (next === null) known.delete(key);
          else known.set(key, next);
          return next;
        },
        async () => {
          const next = await memory.update(key, change);
          alsoOnDisk((table) => (next === null ? table.delete(key) : table.put(next)));
          return next;
        },
      ),
  };
};
