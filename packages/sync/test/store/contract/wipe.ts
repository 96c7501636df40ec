import { describe, expect, it } from 'vitest';
import { entryOf, leadingOf, type MakePlace, page, put, sendRow } from './place.ts';

/** Nothing is left for the next person. */
export const wipeContract = (name: string, makePlace: MakePlace): void => {
  const leading = leadingOf(makePlace);

  describe(`${name}: wiped`, () => {
    it('is empty afterwards, here and at the next start, and stays so whatever still writes', async () => {
      const { place, store, epoch, write } = await leading();
      const other = place.open();
      await other.load();
      await write({ pos: 5, entries: [entryOf('a', 5)], ...page(1, 3, 3) });
      await put(store, sendRow('x', 1));
      await store.wipe();
      await store.write(epoch, { pos: 6, entries: [entryOf('a', 6)] }).catch(() => {});
      await put(store, sendRow('y', 2));
      await put(other, sendRow('z', 3)).catch(() => {});
      for (const one of [store, place.open()]) {
        const saved = await one.load();
        expect(saved).toMatchObject({ pos: 0, entries: [], held: [], commands: [] });
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
