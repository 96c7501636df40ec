import type { Held, HeldWrite, Range } from './port.ts';

/** Sorts ranges and joins those that overlap or touch; empty ones are left out. */
export const joined = (ranges: readonly Range[]): Range[] => {
  const result: [number, number][] = [];
  for (const [from, to] of ranges.filter(([a, b]) => a <= b).sort(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
};

export const includes = (ranges: readonly Range[], seq: number): boolean =>
  ranges.some(([from, to]) => seq >= from && seq <= to);

/** Places in all of them. `ranges` as `joined` gives them. */
export const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** The newest `count` places. `ranges` as `joined` gives them. */
export const newest = (ranges: readonly Range[], count: number): Range[] => {
  const kept: Range[] = [];
  let left = count;
  for (const [from, to] of [...ranges].reverse()) {
    if (left <= 0) break;
    const start = Math.max(from, to - left + 1);
    kept.unshift([start, to]);
    left -= to - start + 1;
  }
  return kept;
};

/** What the store knows after `write`: see HeldWrite. `seqs` are the places of the batch's messages. */
export const claim = (
  held: Held | null,
  write: HeldWrite,
  seqs: readonly number[],
): { held: Held; drop: boolean } => {
  const drop = held !== null && write.since > held.rev;
  const base = drop ? null : held;
  const readAt = Math.max(held?.readAt ?? 0, write.readAt ?? 0);
  if (base && write.rev < base.rev) return { held: { ...base, readAt }, drop: false };
  const asked = joined(write.ranges);
  const brought = seqs.filter((seq) => includes(asked, seq)).map((seq): Range => [seq, seq]);
  const ranges = joined([...(base?.ranges ?? []), ...brought]);
  return { held: { conversationId: write.conversationId, rev: write.rev, ranges, readAt }, drop };
};
