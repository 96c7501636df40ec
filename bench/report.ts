import pc from 'picocolors';

/** What every benchmark ends with, as one line of JSON. */
export interface BenchResult {
  bench: string;
  /** The figure that the bar of the issue names. */
  value: number;
  unit: string;
  /** The baseline, measured in the same run; null if there is none. */
  baseline: number | null;
  /** value / baseline. */
  ratio: number | null;
  /** False if a correctness check failed; then the exit code is 1. Independent of speed. */
  ok: boolean;
  detail: Record<string, unknown>;
}

export type BenchArgs = Readonly<Record<string, string>>;

/** A positive number from the command line, or the default. Throws on anything else. */
export const numberArg = (args: BenchArgs, name: string, otherwise: number): number => {
  const text = args[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`--${name} must be a number above 0, not "${text}"`);
  return value;
};

/** Percentile of numbers sorted ascending, 0 for none. `p` from 0 to 1. */
export const percentile = (sorted: ArrayLike<number>, p: number): number =>
  sorted.length === 0 ? 0 : (sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] as number);

export const step = (text: string): void => console.log(pc.dim(text));

/** Columns as wide as their widest cell; numbers to the right. */
export const table = (rows: Record<string, string | number | boolean>[]): void => {
  const heads = Object.keys(rows[0] ?? {});
  const cell = (value: string | number | boolean | undefined) =>
    typeof value === 'number'
      ? value.toLocaleString('en', { maximumFractionDigits: 1 })
      : String(value ?? '');
  const widths = heads.map((head) => Math.max(head.length, ...rows.map((row) => cell(row[head]).length)));
  const line = (cells: string[], right: (index: number) => boolean) =>
    cells
      .map((text, i) => (right(i) ? text.padStart(widths[i] as number) : text.padEnd(widths[i] as number)))
      .join('  ');
  console.log(pc.bold(line(heads, (i) => typeof rows[0]?.[heads[i] as string] === 'number')));
  for (const row of rows)
    console.log(
      line(
        heads.map((head) => cell(row[head])),
        (i) => typeof row[heads[i] as string] === 'number',
      ),
    );
};

/** Prints the last line, rounded to what was measured, and sets the exit code. */
export const finish = (result: BenchResult): void => {
  const round = (value: number | null, digits: number) =>
    value === null ? null : Number(value.toFixed(digits));
  console.log(
    JSON.stringify({
      ...result,
      value: round(result.value, 0),
      baseline: round(result.baseline, 0),
      ratio: round(result.ratio, 2),
    }),
  );
  if (!result.ok) process.exitCode = 1;
};
