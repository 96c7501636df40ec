import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DiskStore } from '../../src/store/disk.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { LocalStore, StoreWrite } from '../../src/store/port.ts';
import { entry, message } from '../fixtures.ts';
import { outboxRecord } from './contract.ts';

const id = fc.constantFrom('a', 'b', 'c');
const seq = fc.integer({ min: 1, max: 40 });
const some = <T>(one: fc.Arbitrary<T>, maxLength = 4) =>
  fc.option(fc.array(one, { maxLength }), { nil: undefined });

const anyEntry = fc.tuple(id, fc.nat(20), fc.nat(20)).map(([conversationId, pos, headRev]) => {
  const made = entry(headRev, { pos, last: null });
  return { ...made, conversation: { ...made.conversation, id: conversationId } };
});

const anyRun = fc
  .tuple(id, seq, fc.nat(15), fc.nat(60))
  .map(([conversationId, from, more, rev]) =>
    Array.from({ length: more + 1 }, (_, i) => message(from + i, rev, { conversationId })),
  );

const anyHeld = fc
  .tuple(id, fc.nat(60), fc.nat(20), fc.tuple(seq, fc.nat(20)), fc.option(fc.nat(9), { nil: undefined }))
  .map(([conversationId, since, more, [from, size], readAt]) => ({
    ...{ conversationId, since, rev: since + more, ranges: [[from, from + size] as const] },
    ...(readAt === undefined ? {} : { readAt }),
  }));

const anyBatch: fc.Arbitrary<StoreWrite> = fc.record({
  resetInbox: fc.option(fc.constant(true), { freq: 9, nil: undefined }),
  removed: fc.option(fc.array(id, { maxLength: 1 }), { freq: 3, nil: undefined }),
  entries: some(anyEntry),
  pos: fc.option(fc.nat(20), { nil: undefined }),
  droppedMessages: fc.option(fc.array(id, { maxLength: 1 }), { freq: 3, nil: undefined }),
  held: some(anyHeld),
  messages: fc.option(
    fc.array(anyRun, { maxLength: 3 }).map((runs) => runs.flat()),
    { nil: undefined },
  ),
  sent: some(fc.constantFrom('x', 'y')),
});

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
      fc.integer({ min: 10, max: 80 }),
      async (batches, maxMessages) => {
        const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
        const disk = new DiskStore({ userId: 'me', idb, maxMessages });
        const memory = new MemoryStore({ userId: 'me', maxMessages });
        for (const store of [disk, memory]) {
          await store.outbox.put(outboxRecord('x', 1));
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
