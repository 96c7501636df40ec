import { packageOf } from './targets.ts';

export type State = 'killed' | 'timeout' | 'survived' | 'uncovered' | 'equivalent';

/** What became of one mutant. */
export interface Result {
  key: string;
  file: string;
  line: number;
  kind: string;
  context: string;
  was: string;
  to: string;
  state: State;
  /** The test file that saw it. */
  by: string | null;
  /** Test files that ran it and saw nothing. */
  passed: string[];
  /** Why it is equivalent. */
  reason: string | null;
  /** Of the text of the file without the fault. */
  hash: string;
}

/** Caught among those that could be: 0 to 1, or null where there are none. */
export const scoreOf = (results: readonly Result[]): number | null => {
  const real = results.filter(({ state }) => state !== 'equivalent');
  if (real.length === 0) return null;
  return real.filter(({ state }) => state === 'killed' || state === 'timeout').length / real.length;
};

/** One line a package, and one for all. */
export const table = (results: readonly Result[]): string => {
  const rows = new Map<string, Result[]>();
  for (const result of results) {
    const name = packageOf(result.file);
    rows.set(name, [...(rows.get(name) ?? []), result]);
  }
  const count = (of: readonly Result[], state: State) =>
    String(of.filter((one) => one.state === state).length);
  const percent = (of: readonly Result[]) => {
    const score = scoreOf(of);
    return score === null ? '' : `${(100 * score).toFixed(1)} %`;
  };
  const line = (name: string, of: readonly Result[]) => [
    name,
    String(of.length),
    count(of, 'killed'),
    count(of, 'timeout'),
    count(of, 'survived'),
    count(of, 'uncovered'),
    count(of, 'equivalent'),
    percent(of),
  ];
  const lines = [
    ['package', 'mutants', 'killed', 'timed out', 'survived', 'not covered', 'equivalent', 'score'],
    ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => line(name, of)),
    ...(rows.size > 1 ? [line('all', results)] : []),
  ];
  const widths = lines[0]?.map((_, n) => Math.max(...lines.map((cells) => cells[n]?.length ?? 0))) ?? [];
  return lines
    .map((cells) =>
      cells
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** A mutant in one line: where it stands and what was changed. */
export const describe = ({
  file,
  line,
  was,
  to,
  context,
}: Pick<Result, 'file' | 'line' | 'was' | 'to' | 'context'>) => {
  const short = (text: string) => {
    const flat = text.replace(/\s+/g, ' ');
    return flat.length > 70 ? `${flat.slice(0, 67)}…` : flat;
  };
  return `${file}:${line}  ${short(was)}  →  ${short(to) || '(nothing)'}    in: ${short(context)}`;
};
