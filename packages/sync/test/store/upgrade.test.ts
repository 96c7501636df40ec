import { stateOf } from '@lockstep/protocol';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { DiskStore } from '../../src/store/disk.ts';
import { rescue } from '../../src/store/rescue.ts';
import { entry, message } from '../fixtures.ts';

/** The database as the first version of this app made it: Dexie multiplies its version by ten. */
const FIRST = {
  meta: 'key',
  entries: 'conversation.id',
  people: 'id',
  held: 'conversationId',
  messages: ['conversationId', 'seq'],
  outbox: 'clientId',
  drafts: 'conversationId',
  personal: 'conversationId',
  reading: 'conversationId',
};

const OUTBOX = Array.from({ length: 10 }, (_, i) => ({
  ...{ clientId: `id-${i}`, conversationId: i % 2 ? 'c' : 'd', body: `text ${i}`, createdAt: 100 - i },
  ...{
    state: i === 3 ? 'failed' : 'pending',
    error: i === 3 ? 'too_large' : null,
    storedRev: null,
    order: i,
  },
}));

const DRAFTS = [
  {
    ...{
      conversationId: 'c',
      text: 'half a thought',
      version: 3,
      pending: true,
      conflict: true,
      changedAt: 7,
    },
    ...{ known: 'half', tried: ['half a'], sent: ['earlier'], edits: { tab: 4 }, stored: { tab: 2 } },
  },
  // As written by a version that knew less.
  { conversationId: 'd', text: 'old', version: 1, pending: true, conflict: false, changedAt: 8 },
];

const HELD = { conversationId: 'c', rev: 3, ranges: [[1, 3]], readAt: 5 };

const RECORDS: Record<keyof typeof FIRST, unknown[]> = {
  meta: [
    { key: 'epoch', value: 4 },
    { key: 'pos', value: 9 },
    { key: 'peopleRev', value: 2 },
    { key: 'messages', value: 3 },
  ],
  entries: [
    { ...entry(3, { pos: 9 }), owed: true },
    { ...entry(1, { pos: 8 }), conversation: { ...entry(1).conversation, id: 'd' } },
  ],
  people: [{ id: 'ann', name: 'Ann', image: null, placeholder: false, lastSeenAt: null, rev: 0 }],
  held: [HELD],
  messages: [
    message(1, 1, { conversationId: 'c' }),
    message(2, 2, { conversationId: 'c', body: null, recalledAt: 5 }),
    message(3, 3, { conversationId: 'c', body: null, system: { type: 'topic', topic: 'tea' } }),
  ],
  outbox: OUTBOX,
  drafts: DRAFTS,
  personal: [{ conversationId: 'c', change: { markedUnread: true, placeSeq: 2 }, changedAt: 6 }],
  reading: [{ conversationId: 'c', seq: 3 }],
};

let idb: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange };

beforeEach(async () => {
  idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  const request = idb.indexedDB.open('lockstep-me', 10);
  request.onupgradeneeded = () => {
    for (const [table, keyPath] of Object.entries(FIRST))
      request.result.createObjectStore(table, { keyPath });
  };
  const db = await new Promise<IDBDatabase>((resolve) => {
    request.onsuccess = () => resolve(request.result as unknown as IDBDatabase);
  });
  const transaction = db.transaction(Object.keys(FIRST), 'readwrite');
  for (const [table, records] of Object.entries(RECORDS))
    for (const record of records) transaction.objectStore(table).put(record);
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  db.close();
});

const SENDS = OUTBOX.map(({ clientId, conversationId, body, createdAt, state, error, order }) => ({
  ...{ id: clientId, name: 'send', key: `messages ${conversationId}`, args: { conversationId, body } },
  ...{ at: createdAt, order, state, error },
}));

it('a database of version 1 keeps all that was not sent, and all that the server has said', async () => {
  const store = new DiskStore({ userId: 'me', idb });
  const { commands, ...saved } = await store.load();
  expect(store.kind).toBe('disk');
  expect(saved).toMatchObject({ pos: 9, peopleRev: 2, searches: [], held: [HELD], people: RECORDS.people });
  expect(saved.entries).toMatchObject([{ pos: 9, stale: true }, { pos: 8 }]);
  expect(saved.entries[0]).not.toHaveProperty('owed');
  const { messages } = await store.messages('c', 1, 9);
  expect(messages).toEqual(RECORDS.messages);
  // They say nothing of their state, as in that version.
  expect(messages.map((one) => [one.state, stateOf(one)])).toEqual([
    [undefined, 'live'],
    [undefined, 'recalled'],
    [undefined, 'system'],
  ]);

  expect(commands.filter(({ name }) => name === 'send')).toMatchObject(SENDS);
  const others = commands
    .filter(({ name }) => name !== 'send')
    .map(({ id, key, args }) => ({ id, key, args }));
  expect(others).toMatchObject([
    // Reading before the mark: the other way round the server would take that away.
    { id: 'read c', key: 'personal c', args: { conversationId: 'c', seq: 3 } },
    { id: 'personal c', key: 'personal c', args: { change: { markedUnread: true, placeSeq: 2 } } },
    { id: 'draft c', key: 'draft c', args: DRAFTS[0] },
    { id: 'draft d', key: 'draft d', args: { ...DRAFTS[1], tried: [], sent: [], edits: {} } },
  ]);
  // It is version 2 by now, and opened again it is as it was.
  await store.close();
  const again = new DiskStore({ userId: 'me', idb });
  expect((await again.load()).commands).toEqual(commands);
  expect(again.kind).toBe('disk');
  await again.close();
});

it('one of version 1 that cannot be opened is rescued: outbox, drafts, what is personal', async () => {
  const rescued = await rescue(idb.indexedDB as unknown as globalThis.IDBFactory, 'lockstep-me', 1_000);
  expect(rescued.map(({ id }) => id).sort()).toEqual(
    [...OUTBOX.map(({ clientId }) => clientId), 'draft c', 'draft d', 'personal c', 'read c'].sort(),
  );
});
