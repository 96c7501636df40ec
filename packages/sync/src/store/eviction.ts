import type { Held, Range } from './port.ts';
import { newest, sizeOf } from './ranges.ts';

/** Messages that one account keeps on one device at most. */
export const MAX_MESSAGES = 100_000;

/** What is left of conversations after eviction: no messages if `ranges` is empty. */
export type Evicted = { held: Held; ranges: Range[] }[];

/**
 * Evicts messages once there are more than `max`, down to 90% of it, so that not every write evicts. First, a
 * conversation with more than half of all messages is cut to its newest ones, otherwise one long scroll would evict
 * everything else; then whole conversations are evicted, the least recently read first.
 */
export const evict = (all: readonly Held[], max: number): Evicted => {
  let total = all.reduce((sum, held) => sum + sizeOf(held.ranges), 0);
  if (total <= max) return [];
  const target = Math.floor(max * 0.9);
  const result = new Map<string, { held: Held; ranges: Range[] }>();
  const keep = (held: Held, ranges: Range[]) => {
    total -= sizeOf(result.get(held.conversationId)?.ranges ?? held.ranges) - sizeOf(ranges);
    result.set(held.conversationId, { held, ranges });
  };
  for (const held of all)
    if (sizeOf(held.ranges) > max / 2) keep(held, newest(held.ranges, Math.floor(max / 4)));
  const byAge = [...all].sort(
    (a, b) => a.readAt - b.readAt || (a.conversationId < b.conversationId ? -1 : 1),
  );
  for (const held of byAge) {
    if (total <= target) break;
    keep(held, []);
  }
  return [...result.values()];
};
