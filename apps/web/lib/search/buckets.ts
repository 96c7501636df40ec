import { addMonths, type MonthRange } from './draft.ts';

/** A bar of the histogram: some months, both ends included. */
export interface Bucket extends MonthRange {
  count: number;
}

/** More bars than these are too thin to be hit: then one stands for a quarter, or for a year. */
const MAX_BARS = 40;
/** Of fewer bars than these, each looks like a block: the months before the first are shown as well. */
const MIN_BARS = 12;

/** The months up to the last that has something, without holes: MIN_BARS to some MAX_BARS, of equal length. */
export const bucketsOf = (months: readonly { month: string; count: number }[]): Bucket[] => {
  const first = months[0]?.month;
  const last = months.at(-1)?.month;
  if (!first || !last) return [];
  const counts = new Map(months.map(({ month, count }) => [month, count]));
  const start = Math.min(number(first), number(last) - MIN_BARS + 1);
  const length = number(last) - start + 1;
  const width = length <= MAX_BARS ? 1 : length <= MAX_BARS * 3 ? 3 : 12 * Math.ceil(length / 12 / MAX_BARS);
  const buckets: Bucket[] = [];
  for (let at = start - (start % width); at <= number(last); at += width) {
    const from = addMonths('0000-01', at);
    let count = 0;
    for (let i = 0; i < width; i++) count += counts.get(addMonths(from, i)) ?? 0;
    buckets.push({ from, to: addMonths(from, width - 1), count });
  }
  return buckets;
};

const number = (month: string): number => {
  const [year = 0, m = 1] = month.split('-').map(Number);
  return year * 12 + m - 1;
};
