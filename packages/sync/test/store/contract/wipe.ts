import { describe, expect, it } from 'vitest';
import { entryOf, leadingOf, type MakeStore, page, put, sendRow } from './fixture.ts';

/** Nothing is left for the next person. */
export const wipeContract = (name: string, makeStore: MakeStore): void => {
  const leading = leadingOf(makeStore);

  describe(`${name}: wiped`, () => {
    it('is empty afterwards, here and at the next start, and stays so whatever still writes', async () => {
      const { fixture, store, epoch, write } = await leading();
      const other = fixture.open();
      await other.load();
      await write({ pos: 5, entries: [entryOf('a', 5)], ...page(1, 3, 3) });
      await put(store, sendRow('x', 1));
      await store.wipe();
      await store.write(epoch, { pos: 6, entries: [entryOf('a', 6)] }).catch(() => {});
      await put(store, sendRow('y', 2));
      await put(other, sendRow('z', 3)).catch(() => {});
      for (const one of [store, fixture.open()]) {
        const saved = await one.load();
        expect(saved).toMatchObject({ pos: 0, entries: [], held: [], commands: [] });
        expect((await one.messages('c', 1, 9)).messages).toEqual([]);
      }
    });

    it('works without being opened, and can be opened anew', async () => {
      const { fixture, store, write } = await leading();
      await write({ pos: 5, entries: [entryOf('a', 5)] });
      await store.close();
      await fixture.open().wipe();
      const next = fixture.open();
      expect(await next.load()).toMatchObject({ pos: 0, entries: [] });
      const { epoch } = await next.takeOver();
      await next.write(epoch, { pos: 1, entries: [entryOf('b', 1)] });
      expect(await fixture.open().load()).toMatchObject({ pos: 1, entries: [entryOf('b', 1)] });
    });
  });
};
