/** One of a vector. */
export interface Element {
  labels: Record<string, string>;
  value: number;
}

interface Point {
  at: number;
  value: number;
}

/** What a counter grew by; after a restart it begins at 0 again. Null with less than two points. */
const increase = (points: Point[]): number | null =>
  points.length < 2
    ? null
    : points.slice(1).reduce((sum, { value }, index) => {
        const before = points[index]?.value ?? 0;
        return sum + (value < before ? value : value - before);
      }, 0);

const rate = (points: Point[]): number | null => {
  const grown = increase(points);
  const seconds = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  return grown === null || seconds <= 0 ? null : grown / seconds;
};

const changes = (points: Point[]): number | null =>
  points.length === 0
    ? null
    : points.slice(1).filter(({ value }, index) => value !== points[index]?.value).length;

/** By their names in the grammar. */
export const OVER_RANGE: Record<string, (points: Point[]) => number | null> = {
  Increase: increase,
  Rate: rate,
  Changes: changes,
};

/** Linear within a bucket, as Prometheus has it. */
export const histogramQuantile = (quantile: number, buckets: Element[]): Element[] => {
  const groups = new Map<string, { labels: Record<string, string>; bounds: [number, number][] }>();
  for (const { labels, value } of buckets) {
    const { le, ...rest } = labels;
    if (le === undefined) throw new Error('histogram_quantile needs the label le');
    const key = JSON.stringify(Object.entries(rest).sort());
    const group = groups.get(key) ?? { labels: rest, bounds: [] };
    group.bounds.push([le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value]);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, bounds }) => ({
    labels,
    value: quantileOf(
      quantile,
      bounds.sort(([a], [b]) => a - b),
    ),
  }));
};

const quantileOf = (quantile: number, bounds: [number, number][]): number => {
  const all = bounds.at(-1)?.[1] ?? 0;
  if (all === 0) return Number.NaN;
  const rank = quantile * all;
  const index = bounds.findIndex(([, count]) => count >= rank);
  const [lower, below] = bounds[index - 1] ?? [0, 0];
  const [upper, count] = bounds[index] ?? [0, 0];
  if (upper === Number.POSITIVE_INFINITY) return lower;
  return lower + ((upper - lower) * (rank - below)) / (count - below);
};
