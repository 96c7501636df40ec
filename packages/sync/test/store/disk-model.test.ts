import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DiskStore } from '../../src/store/disk.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { LocalStore, StoreWrite } from '../../src/store/port.ts';
import { entry, message } from '../fixtures.ts';
import { draftRow, put, sendRow } from './contract/fixture.ts';

const id = fc.constantFrom('a', 'b', 'c');
const seq = fc.integer({ min: 1, max: 40 });
const some = <T>(one: fc.Arbitrary<T>, maxLength = 4) =>
  fc.option(fc.array(one, { maxLength }), { nil: undefined });

const anyEntry = fc.tuple(id, fc.nat(20), fc.nat(20)).map(([conversationId, pos, headRev]) => {
  const made = entry(headRev, { pos, last: null });
  return { ...made, conversation: { ...made.conversation, id: conversationId } };
});

/** A page or a push, mostly of what a writer knows; now and then messages that nobody claims, and claims without any. */
const anyPage = fc.record({
  conversationId: id,
  from: seq,
  more: fc.nat(15),
  since: fc.nat(12),
  ahead: fc.nat(6),
  readAt: fc.option(fc.nat(9), { nil: undefined }),
  claimed: fc.nat(9).map((n) => n > 0),
  brought: fc.nat(9).map((n) => n > 0),
});

type Page = typeof anyPage extends fc.Arbitrary<infer T> ? T : never;

const heldOf = ({ conversationId, from, more, since, ahead, readAt }: Page) => ({
  ...{ conversationId, since, rev: since + ahead, ranges: [[from, from + more] as const] },
  ...(readAt === undefined ? {} : { readAt }),
});

const messagesOf = ({ conversationId, from, more, since, ahead }: Page) =>
  Array.from({ length: more + 1 }, (_, i) => message(from + i, since + ahead, { conversationId }));

const anyBatch: fc.Arbitrary<StoreWrite> = fc
  .record({
    resetInbox: fc.option(fc.constant(true), { freq: 9, nil: undefined }),
    removed: fc.option(fc.array(id, { maxLength: 1 }), { freq: 3, nil: undefined }),
    entries: some(anyEntry),
    pos: fc.option(fc.nat(20), { nil: undefined }),
    droppedMessages: fc.option(fc.array(id, { maxLength: 1 }), { freq: 3, nil: undefined }),
    pages: fc.array(anyPage, { maxLength: 4 }),
  })
  .map(({ pages, ...rest }) => ({
    ...rest,
    held: pages.filter(({ claimed }) => claimed).map(heldOf),
    messages: pages.filter(({ brought }) => brought).flatMap(messagesOf),
  }));

const everything = async (store: LocalStore) => {
  const { entries, held, ...rest } = await store.load();
  const byId = <T>(all: readonly T[], key: (one: T) => string) =>
    [...all].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return {
    ...rest,
    entries: byId(entries, (one) => one.conversation.id),
    held: byId(held, (one) => one.conversationId),
    messages: await Promise.all(['a', 'b', 'c'].map((one) => store.messages(one, 1, 100))),
  };
};

it('the disk holds what memory holds, whatever is written, also when room is short', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyBatch, { maxLength: 10 }),
      fc.integer({ min: 10, max: 60 }),
      async (batches, maxMessages) => {
        const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
        const disk = new DiskStore({ userId: 'me', idb, maxMessages });
        const memory = new MemoryStore({ userId: 'me', maxMessages });
        for (const store of [disk, memory]) {
          await put(store, sendRow('x', 1), draftRow('a', 'settled', { version: 9, pending: false }));
          const { epoch } = await store.takeOver();
          for (const batch of batches) await store.write(epoch, batch);
        }
        const stored = await everything(disk);
        expect(stored).toEqual(await everything(memory));
        const count = stored.messages.reduce((sum, { messages }) => sum + messages.length, 0);
        expect(count).toBeLessThanOrEqual(maxMessages);
        await disk.close();
      },
    ),
    { numRuns: 40 },
  );
});
