import { addMonths, type MonthRange } from './draft.ts';

/** A bar of the histogram: some months, both ends included. */
export interface Bucket extends MonthRange {
  count: number;
}

/** More bars than these are too thin to be hit: then one stands for a quarter, or for a year. */
const MAX_BARS = 40;

/** The months from the first to the last that has something, without holes; at most some MAX_BARS, of equal length. */
export const bucketsOf = (months: readonly { month: string; count: number }[]): Bucket[] => {
  const first = months[0]?.month;
  const last = months.at(-1)?.month;
  if (!first || !last) return [];
  const counts = new Map(months.map(({ month, count }) => [month, count]));
  const length = number(last) - number(first) + 1;
  const width = length <= MAX_BARS ? 1 : length <= MAX_BARS * 3 ? 3 : 12 * Math.ceil(length / 12 / MAX_BARS);
  const buckets: Bucket[] = [];
  for (let at = number(first) - (number(first) % width); at <= number(last); at += width) {
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
