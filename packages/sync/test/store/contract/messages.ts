import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../../src/store/port.ts';
import { message } from '../../fixtures.ts';
import { draftRow, leadingOf, type MakeStore, page, put, run, sendRow, seqs } from './fixture.ts';

/** What is held of a conversation, as ranges without holes. */
export const messagesContract = (name: string, makeStore: MakeStore, fuzzRuns: number): void => {
  const leading = leadingOf(makeStore);

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
      expect(await store.messages('c', 1, 99)).toEqual({
        generation: null,
        rev: 12,
        ranges: [[12, 12]],
        messages: [pushed],
      });
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

    it('is bounded: the least recently read go first, commands never', async () => {
      const { store, write } = await leading({ maxMessages: 100 });
      await put(store, sendRow('x', 1), draftRow('old', 'kept'));
      await write(page(1, 40, 40, 'old', 1_000));
      await write(page(1, 40, 40, 'newer', 3_000));
      await write(page(1, 40, 40, 'middle', 2_000));
      const held = (await store.load()).held.map((one) => one.conversationId);
      expect(held.sort()).toEqual(['middle', 'newer']);
      expect((await store.messages('old', 1, 99)).messages).toEqual([]);
      expect((await store.load()).commands).toHaveLength(2);
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
};
