import { describe, expect, it } from 'vitest';
import { type Command, ids, makeCommand, nextOrder } from '../../../src/pending/command.ts';
import type { LocalStore } from '../../../src/store/port.ts';
import { draftRow, entryOf, leadingOf, type MakeStore, put, remove, sendRow } from './fixture.ts';

const all = async (store: LocalStore) => (await store.commands.all()).map(({ id }) => id);

/** The commands, which every tab writes. */
export const unsentContract = (name: string, makeStore: MakeStore): void => {
  const leading = leadingOf(makeStore);

  describe(`${name}: what the server does not have yet`, () => {
    it('keeps the commands in the order of sending, across tabs', async () => {
      const { fixture, store } = await leading();
      const other = fixture.open();
      await other.load();
      await put(store, sendRow('b', nextOrder([], 100)));
      await put(other, sendRow('a', nextOrder(await other.commands.all(), 100)));
      await put(store, sendRow('0', 101));
      await put(store, sendRow('9', 5));
      expect(await all(store)).toEqual(['9', 'b', '0', 'a']);
      expect((await fixture.open().load()).commands.map(({ id }) => id)).toEqual(['9', 'b', '0', 'a']);
    });

    it('is there in the first load after it, too', async () => {
      const store = (await makeStore()).open();
      await put(store, sendRow('x', 1));
      expect((await store.load()).commands).toHaveLength(1);
    });

    it('changes several rows in one step, or none of them', async () => {
      const { store } = await leading();
      await put(store, draftRow('c', 'hello'));
      const cleared = draftRow('c', '', { version: 2 });
      await store.commands.change(['x', cleared.id], () => [sendRow('x', 1), cleared]);
      expect(await store.commands.all()).toEqual([cleared, sendRow('x', 1)]);
      const boom = new Error('boom');
      const fail = () => {
        throw boom;
      };
      await expect(store.commands.change(['x', cleared.id], fail)).rejects.toBe(boom);
      await store.commands.change(['y', cleared.id], () => [sendRow('y', 2), null]);
      expect(await all(store)).toEqual(['x', 'y']);
    });

    it('a draft that the server has stays until its entry is there, and no longer', async () => {
      const { store, write } = await leading();
      const withDraft = (version: number) => ({
        ...entryOf('c', version),
        draft: { text: `v${version}`, version, updatedAt: 1 },
      });
      const settled = (conversationId: string, version = 2) =>
        draftRow(conversationId, `v${version}`, { version, pending: false });
      await write({ entries: [withDraft(1)] });
      expect(await put(store, settled('c'))).toEqual([settled('c')]);
      await write({ entries: [entryOf('other', 9)] });
      expect(await all(store)).toEqual([ids.draft('c')]);
      await write({ entries: [withDraft(2)] });
      expect(await all(store)).toEqual([]);
      expect(await put(store, settled('c'))).toEqual([null]);
      await put(store, sendRow('x', 1), settled('c'));
      expect(await all(store)).toEqual(['x']);
      // What is pending stays, whatever the entry says; of who has left, nothing but that does.
      await put(store, draftRow('c', 'mine'));
      await write({ entries: [withDraft(3)] });
      await put(store, settled('d'));
      expect(await all(store)).toEqual([ids.draft('c'), 'x']);
      await put(store, settled('c', 4));
      expect(await all(store)).toHaveLength(2);
      await write({ removed: ['c'] });
      expect(await all(store)).toEqual(['x']);
    });

    it('tabs that change a row at once do not undo each other', async () => {
      const { fixture, store } = await leading();
      const other = fixture.open();
      await other.load();
      const id = ids.draft('c');
      const grow =
        (by: string) =>
        ([held]: readonly (Command | null)[]) => {
          const { text, version } = held?.name === 'draft' ? held.args : { text: '', version: 0 };
          return [draftRow('c', `${text}${by}`, { version: version + 1 })];
        };
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 ? store : other).commands.change([id], grow(`${i % 10}`)),
        ),
      );
      const draft = await store.commands.get(id);
      expect(draft).toMatchObject({ args: { version: 20 } });
      const text = draft?.name === 'draft' ? draft.args.text : '';
      expect([...text].sort().join('')).toBe('00112233445566778899');
    });

    it('a change of nothing writes nothing, null deletes, and what is thrown comes back', async () => {
      const { store } = await leading();
      const row = makeCommand(
        'personal',
        ids.personal('c'),
        'personal c',
        { conversationId: 'c', change: { pinned: true } },
        1,
      );
      await put(store, row);
      expect(await store.commands.change([row.id], (held) => held)).toEqual([row]);
      expect(await store.commands.change(['missing'], (held) => held)).toEqual([null]);
      const boom = new Error('boom');
      const fail = () => {
        throw boom;
      };
      await expect(store.commands.change([row.id], fail)).rejects.toBe(boom);
      expect(await store.commands.get(row.id)).toEqual(row);
      await remove(store, row.id);
      await remove(store, 'unknown');
      expect(await store.commands.all()).toEqual([]);
    });

    it('keeps what is remembered of searches', async () => {
      const { fixture, store, write } = await leading();
      const searches = [{ text: 'tea', name: null, usedAt: 1, savedAt: null }];
      await write({ searches });
      await write({ pos: 1 });
      for (const each of [store, fixture.open()]) expect((await each.load()).searches).toEqual(searches);
    });
  });
};
