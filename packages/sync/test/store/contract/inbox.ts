import { describe, expect, it } from 'vitest';
import { draftRow, entryOf, leadingOf, type MakeStore, page, put, sendRow, seqs } from './fixture.ts';

/** Entries, people and the cursor. */
export const inboxContract = (name: string, makeStore: MakeStore): void => {
  const leading = leadingOf(makeStore);

  describe(`${name}: inbox`, () => {
    it('is empty at first', async () => {
      const { store } = await leading();
      const none = {
        generation: null,
        entries: [],
        people: [],
        peopleRev: null,
        held: [],
        searches: [],
        commands: [],
      };
      expect(await store.load()).toEqual({ userId: 'me', pos: 0, ...none });
      expect(await store.messages('c', 1, 100)).toEqual({
        generation: null,
        rev: 0,
        ranges: [],
        messages: [],
      });
    });

    it('gives another tab, and the next start, what was written', async () => {
      const { fixture, store, write } = await leading();
      const ann = { id: 'ann', name: 'Ann', image: null, placeholder: false, lastSeenAt: null, rev: 0 };
      await write({ pos: 3, entries: [entryOf('a', 2), entryOf('b', 3)], people: [ann], peopleRev: 7 });
      await write({ pos: 4, entries: [entryOf('a', 4)] });
      await store.close();
      const { pos, entries, people, peopleRev } = await fixture.open().load();
      expect({ pos, people, peopleRev }).toEqual({ pos: 4, people: [ann], peopleRev: 7 });
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

    it('rule 8: another generation of the data takes everything but what was not sent', async () => {
      const { store, write } = await leading();
      await write({ pos: 9, entries: [entryOf('a', 9), entryOf('b', 8)], ...page(1, 3, 3, 'b') });
      await put(store, sendRow('x', 1));
      await write({
        resetInbox: true,
        generation: 'second',
        pos: 11,
        entries: [entryOf('b', 2)],
        ...page(1, 2, 2, 'c'),
      });
      const saved = await store.load();
      expect(saved).toMatchObject({ generation: 'second', pos: 11, entries: [entryOf('b', 2)] });
      expect(saved.held.map(({ conversationId }) => conversationId)).toEqual(['c']);
      expect(saved.commands).toHaveLength(1);
      expect(await store.messages('b', 1, 9)).toMatchObject({ generation: 'second', messages: [] });
      expect(seqs((await store.messages('c', 1, 9)).messages)).toEqual([1, 2]);
    });

    it('a conversation one has left goes with its messages, not with what was not sent', async () => {
      const { store, write } = await leading();
      await write({ pos: 1, entries: [entryOf('c', 1), entryOf('d', 1)], ...page(1, 3, 3) });
      await put(store, sendRow('x', 1), draftRow('c', 'half a thought'));
      await write({ pos: 2, removed: ['c'] });
      const saved = await store.load();
      expect(saved).toMatchObject({ pos: 2, entries: [entryOf('d', 1)], held: [] });
      expect(saved.commands).toHaveLength(2);
      expect((await store.messages('c', 1, 9)).messages).toEqual([]);
    });
  });
};
