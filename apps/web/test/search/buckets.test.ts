import { expect, test } from 'vitest';
import { bucketsOf } from '../../lib/search/buckets.ts';

const bars = (...months: [month: string, count: number][]) =>
  bucketsOf(months.map(([month, count]) => ({ month, count })));

test('a year at least, without holes, so that one month is a bar and no block', () => {
  const few = bars(['2026-11', 4]);
  expect(few).toHaveLength(12);
  expect(few[0]).toEqual({ from: '2025-12', to: '2025-12', count: 0 });
  expect(few.at(-1)).toEqual({ from: '2026-11', to: '2026-11', count: 4 });
  expect(bars(['2025-01', 1], ['2026-11', 4])).toHaveLength(23);
  expect(bars()).toEqual([]);
});

test('many months share bars of equal length, and no hit is lost', () => {
  const many = bars(['2004-03', 2], ['2010-07', 3], ['2026-11', 4]);
  expect(many.length).toBeLessThanOrEqual(41);
  expect(many.reduce((sum, { count }) => sum + count, 0)).toBe(9);
  expect(many.at(-1)).toEqual({ from: '2026-01', to: '2026-12', count: 4 });
});
