import { IDBDatabase, IDBFactory, IDBIndex, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DiskStore } from '../../src/store/disk.ts';
import { entry, message } from '../fixtures.ts';

/** What the disk is asked for: transactions begun, and requests by the name of their method. */
let asked: Record<string, number>;

beforeEach(() => {
  asked = {};
  const count = (prototype: object, names: readonly string[]) => {
    const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
    for (const name of names) {
      const real = methods[name];
      vi.spyOn(methods, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
        asked[name] = (asked[name] ?? 0) + 1;
        return real?.apply(this, args);
      });
    }
  };
  count(IDBDatabase.prototype, ['transaction']);
  const reads = ['get', 'getAll', 'getAllKeys', 'openCursor', 'openKeyCursor', 'count'];
  count(IDBObjectStore.prototype, [...reads, 'put', 'add', 'delete', 'clear']);
  count(IDBIndex.prototype, reads);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const costOf = async (work: () => Promise<unknown>) => {
  asked = {};
  await work();
  const { transaction = 0, put = 0, add = 0, ...rest } = asked;
  return {
    transactions: transaction,
    writes: put + add,
    others: Object.values(rest).reduce((sum, n) => sum + n, 0),
  };
};

const page = (from: number) => ({
  held: [
    { conversationId: 'c', since: 9_999, rev: 9_999, ranges: [[from, from + 99]] as [number, number][] },
  ],
  messages: Array.from({ length: 100 }, (_, i) => message(from + i, from + i, { conversationId: 'c' })),
});

it('a thousand conversations and a page of messages cost one transaction each, however much there is already', async () => {
  const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  const store = new DiskStore({ userId: 'me', idb });
  const { epoch } = await store.takeOver();
  const entries = Array.from({ length: 1_000 }, (_, i) => {
    const one = entry(1, { pos: i + 1 });
    return { ...one, conversation: { ...one.conversation, id: `c${i}` } };
  });
  const inbox = await costOf(() => store.write(epoch, { entries, pos: 1_000 }));
  expect([inbox.transactions, inbox.writes]).toEqual([1, 1_001]);
  const first = await costOf(() => store.write(epoch, page(1)));
  for (let n = 1; n < 20; n++) await store.write(epoch, page(1 + n * 100));
  const last = await costOf(() => store.write(epoch, page(2_001)));
  expect(last).toEqual(first);
  expect([last.transactions, last.writes]).toEqual([1, 102]);

  const read = await costOf(() => store.messages('c', 1_001, 1_100));
  expect(read).toMatchObject({ transactions: 1, writes: 0 });
  expect(read.others).toBeLessThan(10);
  // All that there is, by a read of each table and not of each row.
  const next = new DiskStore({ userId: 'me', idb });
  const load = await costOf(async () => expect((await next.load()).entries).toHaveLength(1_000));
  expect(load.transactions).toBeLessThan(5);
  expect(load.others).toBeLessThan(30);
  await store.close();
  await next.close();
});
