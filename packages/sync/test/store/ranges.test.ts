import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evict } from '../../src/store/eviction.ts';
import type { Range } from '../../src/store/port.ts';
import { includes, joined, newest, sizeOf } from '../../src/store/ranges.ts';

const anyRanges = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: -1, max: 12 }))
    .map(([from, more]): Range => [from, from + more]),
  { maxLength: 10 },
);
const places = (ranges: readonly Range[]) => {
  const all = new Set<number>();
  for (const [from, to] of ranges) for (let seq = from; seq <= to; seq++) all.add(seq);
  return [...all].sort((a, b) => a - b);
};

it('joined ranges hold the same places, in order, and never touch', () => {
  fc.assert(
    fc.property(anyRanges, (ranges) => {
      const result = joined(ranges);
      expect(places(result)).toEqual(places(ranges));
      expect(sizeOf(result)).toBe(places(ranges).length);
      result.forEach(([from], i) => {
        if (i > 0) expect(from).toBeGreaterThan((result[i - 1]?.[1] ?? 0) + 1);
      });
      const found = Array.from({ length: 75 }, (_, seq) => seq).filter((seq) => includes(result, seq));
      expect(found).toEqual(places(ranges));
    }),
  );
});

it('the newest places are the last of them', () => {
  fc.assert(
    fc.property(anyRanges, fc.integer({ min: 0, max: 80 }), (ranges, count) => {
      const all = places(ranges);
      expect(places(newest(joined(ranges), count))).toEqual(count === 0 ? [] : all.slice(-count));
    }),
  );
});

it('eviction makes room, and no more of it than needed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 5 })), { maxLength: 12 }),
      fc.integer({ min: 10, max: 600 }),
      (sizes, max) => {
        const all = sizes.map(([size, readAt], i) => ({
          ...{ conversationId: `c${i}`, rev: 1, readAt },
          ranges: [[1, size] as Range],
        }));
        const evicted = evict(all, max);
        const size = (id: string, before: number) => {
          const cut = evicted.find((one) => one.held.conversationId === id);
          return cut ? sizeOf(cut.ranges) : before;
        };
        const before = sizes.reduce((sum, [n]) => sum + n, 0);
        const after = sizes.reduce((sum, [n], i) => sum + size(`c${i}`, n), 0);
        if (before <= max) expect(evicted).toEqual([]);
        else expect(after).toBeLessThanOrEqual(0.9 * max);
        const gone = all.filter((one) => size(one.conversationId, 1) === 0);
        const kept = all.filter((one) => size(one.conversationId, 1) > 0);
        for (const one of gone)
          for (const other of kept) expect(one.readAt).toBeLessThanOrEqual(other.readAt);
      },
    ),
  );
});
