import { IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiskStore, type DiskStoreOptions } from '../../src/store/disk.ts';
import type { DegradedReason, StoreWrite } from '../../src/store/port.ts';
import { entry, message } from '../fixtures.ts';
import { draftRow, put as putRows, remove, sendRow } from './contract/fixture.ts';

// Dexie tells the console of what is tried here on purpose.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const NAME = 'lockstep-me';
const NOTHING = { pos: 0, entries: [], held: [], commands: [] };

const disk = () => ({ indexedDB: new IDBFactory(), IDBKeyRange });

const openStore = (options: Partial<DiskStoreOptions>) => {
  const store = new DiskStore({ userId: 'me', timeoutMs: 200, ...options });
  const reasons: DegradedReason[] = [];
  store.onDegraded((reason) => reasons.push(reason));
  return { store, reasons };
};

/** A connection of somebody else's code: another version, or a tab that is frozen. */
const rawOpen = (
  factory: IDBFactory,
  version?: number,
  upgrade: (db: IDBDatabase) => void = () => {},
): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = factory.open(NAME, version) as unknown as IDBOpenDBRequest;
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const put = (db: IDBDatabase, table: string, value: unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    const transaction = db.transaction(table, 'readwrite');
    transaction.objectStore(table).put(value);
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
  });

const page = (from: number, to: number, conversationId = 'c'): StoreWrite => ({
  held: [{ conversationId, since: to, rev: to, ranges: [[from, to]], readAt: to }],
  messages: Array.from({ length: to - from + 1 }, (_, i) => message(from + i, from + i, { conversationId })),
});

describe('what cannot be opened', () => {
  it('without IndexedDB everything works, in memory', async () => {
    const { store, reasons } = openStore({ idb: null });
    expect(await store.load()).toMatchObject(NOTHING);
    expect([store.kind, reasons]).toEqual(['memory', ['unusable']]);
    const { epoch } = await store.takeOver();
    await store.write(epoch, { pos: 1, entries: [entry(1)] });
    await putRows(store, sendRow('x', 1), draftRow('c', ''));
    expect(await store.load()).toMatchObject({ pos: 1, commands: [{ id: 'draft c' }, { id: 'x' }] });
  });

  it('a browser that throws, or says that something went wrong, is memory; what it has stays there', async () => {
    const throws = {
      open: () => {
        throw new DOMException('forbidden', 'SecurityError');
      },
    };
    const deleteDatabase = vi.fn();
    const fails = {
      deleteDatabase,
      open: () => {
        const request = { error: new DOMException('internal', 'UnknownError') } as IDBOpenDBRequest;
        queueMicrotask(() => request.onerror?.({ target: request, preventDefault() {} } as never));
        return request;
      },
    };
    for (const indexedDB of [throws, fails]) {
      const { store } = openStore({ idb: { indexedDB: indexedDB as unknown as IDBFactory, IDBKeyRange } });
      expect(await store.load()).toMatchObject(NOTHING);
      expect(store.kind).toBe('memory');
    }
    expect(deleteDatabase).not.toHaveBeenCalled();
  });

  it('one of a newer, unknown schema is built anew, with its commands', async () => {
    const idb = disk();
    const newer = await rawOpen(idb.indexedDB, 990, (db) => {
      db.createObjectStore('commands', { keyPath: 'id' });
      db.createObjectStore('entries', { keyPath: 'somethingElse' });
    });
    await put(newer, 'commands', { ...sendRow('x', 7), state: 'sending', news: true });
    await put(newer, 'commands', { id: 'y', of: 'no use' });
    await put(newer, 'commands', { ...sendRow('z', 8), name: 'of later' });
    await put(newer, 'commands', draftRow('c', 'half a thought'));
    await put(newer, 'entries', { somethingElse: 1 });
    newer.close();
    const { store } = openStore({ idb });
    const later = { ...sendRow('z', 8), name: 'of later' };
    const commands = [draftRow('c', 'half a thought'), sendRow('x', 7), later];
    expect(await store.load()).toMatchObject({ ...NOTHING, commands });
    expect(store.kind).toBe('disk');
    await store.close();
    expect((await openStore({ idb }).store.load()).commands).toMatchObject(commands);
  });

  it('one of another shape is built anew', async () => {
    const idb = disk();
    const { store } = openStore({ idb });
    await putRows(store, sendRow('x', 1));
    await store.close();
    const broken = await rawOpen(idb.indexedDB, 22, (db) => {
      db.deleteObjectStore('messages');
      db.createObjectStore('messages', { keyPath: 'seq' });
    });
    broken.close();
    const next = openStore({ idb }).store;
    expect((await next.load()).commands).toEqual([sendRow('x', 1)]);
    const { epoch } = await next.takeOver();
    await next.write(epoch, page(1, 3));
    expect((await next.messages('c', 1, 3)).messages).toHaveLength(3);
    expect(next.kind).toBe('disk');
  });

  it('missing tables are put back', async () => {
    const idb = disk();
    (await rawOpen(idb.indexedDB, 10)).close();
    const { store } = openStore({ idb });
    await putRows(store, sendRow('x', 1));
    expect(store.kind).toBe('disk');
  });

  it('another tab that does not let go does not hang it', async () => {
    const idb = disk();
    const frozen = await rawOpen(idb.indexedDB, 1);
    const { store, reasons } = openStore({ idb });
    expect(await store.load()).toMatchObject(NOTHING);
    expect([store.kind, reasons]).toEqual(['memory', ['unusable']]);
    frozen.close();
  });
});

describe('what goes wrong later', () => {
  it('lets go at once of what another tab upgrades or deletes, and keeps what was not sent', async () => {
    for (const take of [
      (factory: IDBFactory) => rawOpen(factory, 2_000),
      (factory: IDBFactory) =>
        new Promise((resolve) => {
          factory.deleteDatabase(NAME).onsuccess = resolve;
        }),
    ]) {
      const idb = disk();
      const { store, reasons } = openStore({ idb });
      await putRows(store, sendRow('x', 1));
      const { epoch } = await store.takeOver();
      await take(idb.indexedDB);
      expect([store.kind, reasons]).toEqual(['memory', ['taken']]);
      await store.write(epoch, page(1, 3));
      await putRows(store, sendRow('y', 2));
      expect((await store.commands.all()).map(({ id }) => id)).toEqual(['x', 'y']);
      expect((await store.messages('c', 1, 3)).messages).toHaveLength(3);
    }
  });

  it('a transaction of a frozen tab that never ends: memory, after a while', async () => {
    const idb = disk();
    const { store, reasons } = openStore({ idb });
    await store.load();
    const frozen = await rawOpen(idb.indexedDB);
    const busy = frozen.transaction('commands', 'readwrite');
    let over = false;
    const again = () => {
      if (!over) busy.objectStore('commands').get('x').onsuccess = again;
    };
    again();
    await putRows(store, sendRow('x', 1));
    expect([store.kind, reasons]).toEqual(['memory', ['unusable']]);
    expect(await store.commands.get('x')).toEqual(sendRow('x', 1));
    over = true;
    frozen.close();
  });

  it('a wipe ends within seconds though another tab is frozen, and leaves nothing to read', async () => {
    const idb = disk();
    const { store } = openStore({ idb });
    await putRows(store, sendRow('x', 1));
    const frozen = await rawOpen(idb.indexedDB);
    await store.wipe();
    const found = await new Promise((resolve) => {
      frozen.transaction('commands').objectStore('commands').getAll().onsuccess = (event) =>
        resolve((event.target as IDBRequest).result);
    });
    expect(found).toEqual([]);
    frozen.close();
  });

  it('a wipe that deleted nothing rejects', async () => {
    const idb = disk();
    const { store } = openStore({ idb });
    await putRows(store, sendRow('x', 1));
    const frozen = await rawOpen(idb.indexedDB);
    const busy = frozen.transaction(['commands'], 'readwrite');
    let over = false;
    const again = () => {
      if (!over) busy.objectStore('commands').get('x').onsuccess = again;
    };
    again();
    await expect(store.wipe()).rejects.toThrow();
    over = true;
    frozen.close();
  });

  it('an error of the caller rejects and does not give up the disk', async () => {
    const { store } = openStore({ idb: disk() });
    const { epoch } = await store.takeOver();
    const bad = { ...entry(1), oops: () => {} };
    await expect(store.write(epoch, { entries: [bad] })).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(store.kind).toBe('disk');
  });

  it('asks once that the browser keeps its data', async () => {
    const idb = disk();
    const persist = vi.fn(async () => {});
    for (let i = 0; i < 3; i++) {
      const { store } = openStore({ idb, persist });
      await store.load();
      await expect.poll(() => persist.mock.calls.length).toBe(1);
      await store.close();
    }
  });
});

/** Browsers tell of it where something is put, or when the transaction is to be committed. */
describe.each(['put', 'commit'] as const)('a disk that turns out to be full at %s', (moment) => {
  /** Counts messages only: what is small still fits. */
  const limit = (bytes: () => number) => {
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: InstanceType<typeof IDBObjectStore>,
      ...args
    ) {
      const full = this.name === 'messages' && bytes() <= 0;
      if (full && moment === 'put') throw new DOMException('full', 'QuotaExceededError');
      const request = real.apply(this, args);
      const { transaction } = this as unknown as { transaction: { _abort(name: string): void } };
      if (full) queueMicrotask(() => transaction._abort('QuotaExceededError'));
      return request;
    });
  };

  it('makes room and goes on', async () => {
    const { store, reasons } = openStore({ idb: disk() });
    const { epoch } = await store.takeOver();
    for (const id of ['a', 'b', 'c', 'd']) await store.write(epoch, page(1, 20, id));
    await putRows(store, sendRow('x', 1));
    let held = 80;
    limit(() => 81 - held);
    // As many as there are: until some are evicted, no more fit.
    const remove = IDBObjectStore.prototype.delete;
    vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (
      this: InstanceType<typeof IDBObjectStore>,
      ...args
    ) {
      if (this.name === 'messages') held -= 20;
      return remove.apply(this, args);
    });
    held = 90;
    await store.write(epoch, page(1, 5, 'e'));
    expect((await store.messages('e', 1, 5)).messages).toHaveLength(5);
    expect((await store.load()).held.length).toBeLessThan(5);
    expect(await store.commands.all()).toHaveLength(1);
    expect([store.kind, reasons]).toEqual(['disk', []]);
  });

  it('without any room it goes on in memory, and still writes down what the person does', async () => {
    const idb = disk();
    const { store, reasons } = openStore({ idb });
    const { epoch } = await store.takeOver();
    await store.write(epoch, { pos: 4, entries: [entry(4, { pos: 4 })] });
    await putRows(store, sendRow('x', 1));
    limit(() => 0);
    await store.write(epoch, { pos: 5, entries: [entry(5, { pos: 5 })], ...page(1, 5) });
    expect([store.kind, reasons]).toEqual(['memory', ['full']]);
    expect((await store.messages('c', 1, 5)).messages).toHaveLength(5);
    await putRows(store, sendRow('y', 2));
    await remove(store, 'x');
    expect((await store.commands.all()).map(({ id }) => id)).toEqual(['y']);
    const next = openStore({ idb }).store;
    await expect.poll(async () => (await next.commands.all()).map(({ id }) => id)).toEqual(['y']);
    expect(await next.load()).toMatchObject({ pos: 4, held: [] });
  });
});
