import pino from 'pino';
import { expect, it } from 'vitest';
import { createBatches } from '../src/batches.ts';

const SPACING_MS = 60;

it('what is told between two batches travels together, no sooner than they may follow one another', async () => {
  const batches: { ids: string[]; began: number; ended: number }[] = [];
  const consumer = {
    name: 'index',
    work: async (ids: string[]) => {
      const began = performance.now();
      await Promise.resolve();
      batches.push({ ids, began, ended: performance.now() });
    },
  } as const;
  const { work, idle } = createBatches(consumer, pino({ level: 'silent' }), SPACING_MS);
  await work(['a']);
  const [b, c] = [work(['b']), work(['c', 'b'])];
  await Promise.all([b, c]);
  await idle();
  expect(batches.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
  const [first, second] = batches as [(typeof batches)[0], (typeof batches)[0]];
  // A timer may be a millisecond early.
  expect(second.began - first.ended).toBeGreaterThanOrEqual(SPACING_MS - 1);
});
