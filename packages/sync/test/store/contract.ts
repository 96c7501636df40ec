import type { InboxEntry, Message } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DraftRecord,
  type LocalStore,
  nextOrder,
  type OutboxRecord,
  type Range,
  StaleWriter,
  type StoreWrite,
} from '../../src/store/port.ts';
import { entry, message } from '../fixtures.ts';

/** One account's place on one device. */
export interface Place {
  /** One more tab that opens it. */
  open(options?: { maxMessages?: number }): LocalStore;
  /** Lets this write die in the middle of its transaction, as when the process is killed. */
  crash(store: LocalStore, epoch: number, batch: StoreWrite): Promise<void>;
}

export const outboxRecord = (clientId: string, order: number, change: Partial<OutboxRecord> = {}) => ({
  ...{ clientId, conversationId: 'c', body: `body of ${clientId}`, createdAt: order, order },
  ...{ state: 'pending' as const, error: null, storedRev: null },
  ...change,
});

export const draftRecord = (conversationId: string, text: string, change: Partial<DraftRecord> = {}) => ({
  ...{ conversationId, text, version: 1, pending: true, conflict: false, changedAt: 1 },
  ...change,
});

const entryOf = (id: string, pos: number, headRev = pos): InboxEntry => {
  const made = entry(headRev, { pos });
  return { ...made, conversation: { ...made.conversation, id }, last: null };
};

const run = (from: number, to: number, rev?: number, conversationId = 'c'): Message[] =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i, rev ?? from + i, { conversationId }));

const page = (from: number, to: number, rev: number, conversationId = 'c', readAt = 0): StoreWrite => ({
  held: [{ conversationId, since: rev, rev, ranges: [[from, to]], readAt }],
  messages: run(from, to, undefined, conversationId),
});

const seqs = (messages: readonly Message[]) => messages.map((m) => m.seq);

/** What every LocalStore keeps. */
export const storeContract = (name: string, makePlace: () => Promise<Place>, fuzzRuns = 60): void => {
  /** A store that may write the mirror. */
  const leading = async (options?: { maxMessages?: number }) => {
    const place = await makePlace();
    const store = place.open(options);
    await store.load();
    const { epoch } = await store.takeOver();
    return { place, store, epoch, write: (batch: StoreWrite) => store.write(epoch, batch) };
  };

  describe(`${name}: inbox`, () => {
    it('is empty at first', async () => {
      const { store } = await leading();
      const none = { entries: [], people: [], held: [], outbox: [], drafts: [], personal: [], reading: [] };
      expect(await store.load()).toEqual({ userId: 'me', pos: 0, ...none });
      expect(await store.messages('c', 1, 100)).toEqual({ rev: 0, ranges: [], messages: [] });
    });

    it('gives another tab, and the next start, what was written', async () => {
      const { place, store, write } = await leading();
      const ann = { id: 'ann', name: 'Ann', image: null, placeholder: false, lastSeenAt: null };
      await write({ pos: 3, entries: [entryOf('a', 2), entryOf('b', 3)], people: [ann] });
      await write({ pos: 4, entries: [entryOf('a', 4)] });
      await store.close();
      const { pos, entries, people } = await place.open().load();
      expect({ pos, people }).toEqual({ pos: 4, people: [ann] });
      expect(entries.sort((a, b) => a.pos - b.pos)).toEqual([entryOf('b', 3), entryOf('a', 4)]);
    });

    it('never takes an older entry, nor a cursor that goes back', async () => {
      const { store, write } = await leading();
      await write({ pos: 9, entries: [entryOf('a', 9, 5)] });
      await write({ pos: 4, entries: [entryOf('a', 4, 7)] });
      await write({ entries: [entryOf('a', 9, 4)] });
      expect(await store.load()).toMatchObject({ pos: 9, entries: [entryOf('a', 9, 5)] });
      await write({ entries: [entryOf('a', 9, 6)] });
      expect((await store.load()).entries).toEqual([entryOf('a', 9, 6)]);
    });

    it('rule 8: a reset forgets entries and cursor, and keeps messages', async () => {
      const { store, write } = await leading();
      await write({ pos: 9, entries: [entryOf('a', 9), entryOf('b', 8)], ...page(1, 3, 3, 'b') });
      await write({ resetInbox: true, pos: 2, entries: [entryOf('b', 2)] });
      expect(await store.load()).toMatchObject({ pos: 2, entries: [entryOf('b', 2)] });
      expect(seqs((await store.messages('b', 1, 9)).messages)).toEqual([1, 2, 3]);
    });

    it('a conversation one has left goes with its messages, not with what was not sent', async () => {
      const { store, write } = await leading();
      await write({ pos: 1, entries: [entryOf('c', 1), entryOf('d', 1)], ...page(1, 3, 3) });
      await store.outbox.put(outboxRecord('x', 1));
      await store.drafts.put(draftRecord('c', 'half a thought'));
      await write({ pos: 2, removed: ['c'] });
      const saved = await store.load();
      expect(saved).toMatchObject({ pos: 2, entries: [entryOf('d', 1)], held: [] });
      expect([saved.outbox.length, saved.drafts.length]).toEqual([1, 1]);
      expect((await store.messages('c', 1, 9)).messages).toEqual([]);
    });
  });

  describe(`${name}: one writer`, () => {
    it('refuses who was deposed, wholly', async () => {
      const { place, store, epoch, write } = await leading();
      await write({ pos: 5, entries: [entryOf('a', 5)] });
      const next = place.open();
      await next.load();
      expect(await next.takeOver()).toEqual({ epoch: expect.any(Number), pos: 5 });
      const late = { pos: 6, entries: [entryOf('a', 6)], sent: ['x'], ...page(1, 2, 2) };
      await store.outbox.put(outboxRecord('x', 1));
      await expect(store.write(epoch, late)).rejects.toBeInstanceOf(StaleWriter);
      expect(await next.load()).toMatchObject({ pos: 5, entries: [entryOf('a', 5)], held: [] });
      expect((await next.load()).outbox).toHaveLength(1);
    });

    it('a deposed tab still writes what its person does', async () => {
      const { place, store } = await leading();
      const next = place.open();
      await next.load();
      await next.takeOver();
      await store.outbox.put(outboxRecord('x', 1));
      expect(await next.outbox.get('x')).toEqual(outboxRecord('x', 1));
    });

    it('may lead again under a new epoch', async () => {
      const { place, store, epoch } = await leading();
      const next = place.open();
      await next.load();
      const theirs = await next.takeOver();
      const again = await store.takeOver();
      expect([theirs.epoch > epoch, again.epoch > theirs.epoch]).toEqual([true, true]);
      await store.write(again.epoch, { pos: 1 });
      await expect(next.write(theirs.epoch, { pos: 2 })).rejects.toBeInstanceOf(StaleWriter);
    });

    it('killed in mid-write, it leaves the old state whole', async () => {
      const { place, store, epoch, write } = await leading();
      await write({ pos: 5, entries: [entryOf('a', 5)], ...page(1, 3, 3) });
      await store.outbox.put(outboxRecord('x', 1));
      await place.crash(store, epoch, {
        ...{ removed: ['a'], pos: 6, entries: [entryOf('b', 6)], droppedMessages: ['c'], sent: ['x'] },
        ...page(7, 9, 9),
      });
      const next = place.open();
      const saved = await next.load();
      expect(saved).toMatchObject({ pos: 5, entries: [entryOf('a', 5)], outbox: [{ clientId: 'x' }] });
      expect(saved.held).toMatchObject([{ rev: 3, ranges: [[1, 3]] }]);
      expect(await next.messages('c', 1, 9)).toEqual({ rev: 3, ranges: [[1, 3]], messages: run(1, 3) });
    });
  });

  describe(`${name}: messages`, () => {
    it('joins pages into ranges, and gives what was asked for', async () => {
      const { store, write } = await leading();
      await write(page(10, 14, 20));
      await write(page(1, 3, 20));
      expect((await store.load()).held).toMatchObject([
        {
          rev: 20,
          ranges: [
            [1, 3],
            [10, 14],
          ],
        },
      ]);
      await write(page(4, 9, 20));
      const found = await store.messages('c', 3, 11);
      expect(found).toMatchObject({ rev: 20, ranges: [[1, 14]] });
      expect(seqs(found.messages)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });

    it('an older state never replaces a newer one', async () => {
      const { store, write } = await leading();
      await write(page(1, 3, 3));
      const edited = message(2, 4, { conversationId: 'c', body: 'edited' });
      await write({ held: [{ conversationId: 'c', since: 3, rev: 4, ranges: [] }], messages: [edited] });
      await write(page(1, 3, 4));
      expect((await store.messages('c', 2, 2)).messages).toEqual([edited]);
    });

    it('rule 6: a writer that missed changes does not vouch for what others stored', async () => {
      const { store, write } = await leading();
      await write(page(1, 9, 9));
      const pushed = message(12, 12, { conversationId: 'c' });
      await write({
        held: [{ conversationId: 'c', since: 11, rev: 12, ranges: [[12, 12]] }],
        messages: [pushed],
      });
      expect(await store.messages('c', 1, 99)).toEqual({ rev: 12, ranges: [[12, 12]], messages: [pushed] });
    });

    it('rule 6: a page that is older than what is stored is not taken in', async () => {
      const { store, write } = await leading();
      await write(page(10, 12, 12));
      await write(page(1, 9, 11));
      expect(await store.messages('c', 1, 99)).toMatchObject({ rev: 12, ranges: [[10, 12]] });
    });

    it('a range without its messages is not believed', async () => {
      const { store, write } = await leading();
      const held = { conversationId: 'c', since: 9, rev: 9, ranges: [[1, 9] as Range] };
      await write({ held: [held], messages: [...run(1, 3), ...run(6, 7)] });
      const { ranges, messages } = await store.messages('c', 1, 9);
      expect(ranges).toEqual([
        [1, 3],
        [6, 7],
      ]);
      expect(seqs(messages)).toEqual([1, 2, 3, 6, 7]);
    });

    it('what nobody asked to hold is not stored', async () => {
      const { store, write } = await leading();
      await write({ messages: run(1, 3) });
      await write({ ...page(5, 6, 6), messages: run(4, 7) });
      expect(seqs((await store.messages('c', 1, 9)).messages)).toEqual([5, 6]);
    });

    it('dropping is for one conversation, and comes before what the batch brings', async () => {
      const { store, write } = await leading();
      await write(page(1, 3, 3, 'd'));
      await write(page(1, 9, 9));
      await write({ droppedMessages: ['c'], ...page(20, 22, 25) });
      expect(await store.messages('c', 1, 99)).toMatchObject({ rev: 25, ranges: [[20, 22]] });
      expect(seqs((await store.messages('c', 1, 99)).messages)).toEqual([20, 21, 22]);
      expect(seqs((await store.messages('d', 1, 99)).messages)).toEqual([1, 2, 3]);
    });

    it('is bounded: the least recently read go first, the outbox and drafts never', async () => {
      const { store, write } = await leading({ maxMessages: 100 });
      await store.outbox.put(outboxRecord('x', 1, { conversationId: 'old' }));
      await store.drafts.put(draftRecord('old', 'kept'));
      await write(page(1, 40, 40, 'old', 1_000));
      await write(page(1, 40, 40, 'newer', 3_000));
      await write(page(1, 40, 40, 'middle', 2_000));
      const held = (await store.load()).held.map((one) => one.conversationId);
      expect(held.sort()).toEqual(['middle', 'newer']);
      expect((await store.messages('old', 1, 99)).messages).toEqual([]);
      const { outbox, drafts } = await store.load();
      expect([outbox.length, drafts.length]).toEqual([1, 1]);
      await write(page(1, 5, 5, 'old', 4_000));
      expect(seqs((await store.messages('old', 1, 99)).messages)).toEqual([1, 2, 3, 4, 5]);
    });

    it('one endless conversation gives up its oldest, not the others', async () => {
      const { store, write } = await leading({ maxMessages: 100 });
      await write(page(1, 20, 20, 'small', 1));
      for (let to = 1_000; to > 900; to -= 10) await write(page(to - 9, to, 1_000, 'huge', 2));
      expect((await store.messages('small', 1, 20)).messages).toHaveLength(20);
      const { ranges, messages } = await store.messages('huge', 1, 1_000);
      expect(messages.length).toBeLessThanOrEqual(80);
      expect(messages.length).toBeGreaterThanOrEqual(25);
      expect(ranges.at(-1)?.[1]).toBe(1_000);
    });

    it('any sequence of pages and changes: what is held is there, and as new as it says', async () => {
      const step = fc.record({
        from: fc.integer({ min: 1, max: 30 }),
        size: fc.integer({ min: 0, max: 8 }),
        since: fc.integer({ min: 0, max: 4 }),
        ahead: fc.integer({ min: 0, max: 4 }),
        hole: fc.option(fc.integer({ min: 0, max: 7 }), { nil: null }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const { store, write } = await leading();
          let known = 0;
          for (const { from, size, since, ahead, hole } of steps) {
            const rev = known + ahead;
            const to = from + size - 1;
            const brought = run(from, to, rev).filter((_, i) => i !== hole);
            const ranges: Range[] = [[from, to]];
            const held = [{ conversationId: 'c', since: Math.max(0, known + 2 - since), rev, ranges }];
            await write({ held, messages: brought });
            known = Math.max(known, (await store.messages('c', 1, 1)).rev);
            const now = await store.messages('c', 1, 100);
            const places = now.ranges.flatMap(([a, b]) => seqs(run(a, b)));
            expect(seqs(now.messages)).toEqual(places);
            expect(now.messages.every((m) => m.rev <= now.rev)).toBe(true);
            now.ranges.forEach(([a, b], i) => {
              expect(a).toBeLessThanOrEqual(b);
              if (i > 0) expect(a).toBeGreaterThan((now.ranges[i - 1]?.[1] ?? 0) + 1);
            });
          }
          await store.close();
        }),
        { numRuns: fuzzRuns },
      );
    });
  });

  describe(`${name}: what the server does not have yet`, () => {
    it('keeps the outbox in the order of sending, across tabs', async () => {
      const { place, store } = await leading();
      const other = place.open();
      await other.load();
      await store.outbox.put(outboxRecord('b', nextOrder([], 100)));
      await other.outbox.put(outboxRecord('a', nextOrder(await other.outbox.all(), 100)));
      await store.outbox.put(outboxRecord('0', 101));
      await store.outbox.put(outboxRecord('9', 5));
      const ids = ['9', 'b', '0', 'a'];
      expect((await store.outbox.all()).map((record) => record.clientId)).toEqual(ids);
      expect((await place.open().load()).outbox.map((record) => record.clientId)).toEqual(ids);
    });

    it('is there in the first load after it, too', async () => {
      const store = (await makePlace()).open();
      await store.outbox.put(outboxRecord('x', 1));
      expect((await store.load()).outbox).toHaveLength(1);
    });

    it('sending takes the draft along, in one step', async () => {
      const { store } = await leading();
      await store.drafts.put(draftRecord('c', 'hello'));
      await store.send(outboxRecord('x', 1), () => draftRecord('c', '', { version: 2 }));
      expect(await store.load()).toMatchObject({ outbox: [{ clientId: 'x' }], drafts: [{ text: '' }] });
      await store.send(outboxRecord('y', 2), () => null);
      expect((await store.load()).drafts).toEqual([]);
    });

    it('a draft that the server has stays until its entry is there, and no longer', async () => {
      const { store, write } = await leading();
      const withDraft = (version: number) => ({
        ...entryOf('c', version),
        draft: { text: `v${version}`, version, updatedAt: 1 },
      });
      const settled = draftRecord('c', 'v2', { version: 2, pending: false });
      const drafts = async () => (await store.load()).drafts;
      await write({ entries: [withDraft(1)] });
      expect(await store.drafts.update('c', () => settled)).toEqual(settled);
      await write({ entries: [entryOf('other', 9)] });
      expect(await drafts()).toEqual([settled]);
      await write({ entries: [withDraft(2)] });
      expect(await drafts()).toEqual([]);
      expect(await store.drafts.update('c', () => settled)).toBeNull();
      await store.send(outboxRecord('x', 1), () => settled);
      expect(await drafts()).toEqual([]);
      // What is pending stays, whatever the entry says; of who has left, nothing but that does.
      await store.drafts.put(draftRecord('c', 'mine'));
      await write({ entries: [withDraft(3)] });
      await store.drafts.update('d', () => ({ ...settled, conversationId: 'd' }));
      expect(await drafts()).toEqual([draftRecord('c', 'mine')]);
      await store.drafts.update('c', () => draftRecord('c', 'v4', { version: 4, pending: false }));
      expect(await drafts()).toHaveLength(1);
      await write({ removed: ['c'] });
      expect(await drafts()).toEqual([]);
    });

    it('a stored message leaves the outbox in the write that brings it', async () => {
      const { store, write } = await leading();
      await store.outbox.put(outboxRecord('x', 1));
      await store.outbox.put(outboxRecord('y', 2));
      await write({ ...page(1, 1, 1), sent: ['x', 'unknown'] });
      expect((await store.outbox.all()).map((record) => record.clientId)).toEqual(['y']);
    });

    it('tabs that change a record at once do not undo each other', async () => {
      const { place, store } = await leading();
      const other = place.open();
      await other.load();
      const grow = (by: string) => (held: DraftRecord | null) =>
        draftRecord('c', `${held?.text ?? ''}${by}`, { version: (held?.version ?? 0) + 1 });
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).drafts.update('c', grow(`${i % 10}`))),
      );
      const draft = await store.drafts.get('c');
      expect(draft?.version).toBe(20);
      expect([...(draft?.text ?? '')].sort().join('')).toBe('00112233445566778899');
    });

    it('a change of nothing writes nothing, null deletes, and what is thrown comes back', async () => {
      const { store } = await leading();
      await store.personal.put({ conversationId: 'c', change: { pinned: true }, changedAt: 1 });
      expect(await store.personal.update('c', (held) => held)).toMatchObject({ change: { pinned: true } });
      expect(await store.personal.update('missing', (held) => held)).toBeNull();
      const boom = new Error('boom');
      const fail = () => {
        throw boom;
      };
      await expect(store.personal.update('c', fail)).rejects.toBe(boom);
      expect(await store.personal.get('c')).toMatchObject({ change: { pinned: true } });
      expect(await store.personal.update('c', () => null)).toBeNull();
      expect(await store.personal.all()).toEqual([]);
    });

    it('keeps read positions and personal changes until they are taken out', async () => {
      const { place, store } = await leading();
      await store.reading.put({ conversationId: 'c', seq: 7 });
      await store.personal.put({
        conversationId: 'd',
        change: { mutedUntil: null, placeSeq: 4 },
        changedAt: 2,
      });
      expect(await place.open().load()).toMatchObject({
        reading: [{ conversationId: 'c', seq: 7 }],
        personal: [{ conversationId: 'd', change: { mutedUntil: null, placeSeq: 4 } }],
      });
      await store.reading.delete('c');
      await store.reading.delete('unknown');
      expect(await store.reading.all()).toEqual([]);
    });
  });

  describe(`${name}: wiped`, () => {
    it('is empty afterwards, here and at the next start, and stays so whatever still writes', async () => {
      const { place, store, epoch, write } = await leading();
      const other = place.open();
      await other.load();
      await write({ pos: 5, entries: [entryOf('a', 5)], ...page(1, 3, 3) });
      await store.outbox.put(outboxRecord('x', 1));
      await store.wipe();
      await store.write(epoch, { pos: 6, entries: [entryOf('a', 6)] }).catch(() => {});
      await store.outbox.put(outboxRecord('y', 2));
      await other.outbox.put(outboxRecord('z', 3)).catch(() => {});
      for (const one of [store, place.open()]) {
        const saved = await one.load();
        expect(saved).toMatchObject({ pos: 0, entries: [], held: [], outbox: [] });
        expect((await one.messages('c', 1, 9)).messages).toEqual([]);
      }
    });

    it('works without being opened, and can be opened anew', async () => {
      const { place, store, write } = await leading();
      await write({ pos: 5, entries: [entryOf('a', 5)] });
      await store.close();
      await place.open().wipe();
      const next = place.open();
      expect(await next.load()).toMatchObject({ pos: 0, entries: [] });
      const { epoch } = await next.takeOver();
      await next.write(epoch, { pos: 1, entries: [entryOf('b', 1)] });
      expect(await place.open().load()).toMatchObject({ pos: 1, entries: [entryOf('b', 1)] });
    });
  });
};
