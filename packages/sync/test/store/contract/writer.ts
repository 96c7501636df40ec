import { describe, expect, it } from 'vitest';
import { StaleWriter } from '../../../src/store/port.ts';
import { entryOf, leadingOf, type MakeStore, page, put, run, sendRow } from './fixture.ts';

/** Only the tab that leads writes what the server has, and a write is whole or not at all. */
export const writerContract = (name: string, makeStore: MakeStore): void => {
  const leading = leadingOf(makeStore);

  describe(`${name}: one writer`, () => {
    it('refuses who has lost the lead, wholly', async () => {
      const { fixture, store, epoch, write } = await leading();
      await write({ pos: 5, entries: [entryOf('a', 5)] });
      const next = fixture.open();
      await next.load();
      expect(await next.takeOver()).toEqual({ epoch: expect.any(Number), pos: 5 });
      const late = { pos: 6, entries: [entryOf('a', 6)], ...page(1, 2, 2) };
      await put(store, sendRow('x', 1));
      await expect(store.write(epoch, late)).rejects.toBeInstanceOf(StaleWriter);
      expect(await next.load()).toMatchObject({ pos: 5, entries: [entryOf('a', 5)], held: [] });
      expect((await next.load()).commands).toHaveLength(1);
    });

    it('a tab that has lost the lead still writes what its person does', async () => {
      const { fixture, store } = await leading();
      const next = fixture.open();
      await next.load();
      await next.takeOver();
      await put(store, sendRow('x', 1));
      expect(await next.commands.get('x')).toEqual(sendRow('x', 1));
    });

    it('may lead again under a new epoch', async () => {
      const { fixture, store, epoch } = await leading();
      const next = fixture.open();
      await next.load();
      const theirs = await next.takeOver();
      const again = await store.takeOver();
      expect([theirs.epoch > epoch, again.epoch > theirs.epoch]).toEqual([true, true]);
      await store.write(again.epoch, { pos: 1 });
      await expect(next.write(theirs.epoch, { pos: 2 })).rejects.toBeInstanceOf(StaleWriter);
    });

    it('killed in mid-write, it leaves the old state whole', async () => {
      const { fixture, store, epoch, write } = await leading();
      await write({ pos: 5, entries: [entryOf('a', 5)], ...page(1, 3, 3) });
      await put(store, sendRow('x', 1));
      await fixture.crash(store, epoch, {
        ...{ removed: ['a'], pos: 6, entries: [entryOf('b', 6)], droppedMessages: ['c'] },
        ...page(7, 9, 9),
      });
      const next = fixture.open();
      const saved = await next.load();
      expect(saved).toMatchObject({ pos: 5, entries: [entryOf('a', 5)], commands: [sendRow('x', 1)] });
      expect(saved.held).toMatchObject([{ rev: 3, ranges: [[1, 3]] }]);
      expect(await next.messages('c', 1, 9)).toEqual({
        generation: null,
        rev: 3,
        ranges: [[1, 3]],
        messages: run(1, 3),
      });
    });
  });
};
