import { type Cost, MARKUP_BOUNDS } from './bounds.ts';
import { parseInline } from './inline.ts';
import type { Lines } from './lines.ts';
import type { Inline, Range, Table } from './nodes.ts';

const SEPARATOR = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

interface Found {
  /** Null where it has more columns or cells than the bounds allow: its lines are text. */
  block: Omit<Table, 'gap'> | null;
  next: number;
}

/** A header, a line of dashes with as many columns, rows as long as they have bars. */
export const tableAt = (lines: Lines, at: number, cost: Cost): Found | null => {
  const header = lines.line(at);
  const separator = lines.line(at + 1);
  if (!header.includes('|') || !separator.includes('|') || !separator.includes('-')) return null;
  if (separator.length > 1_000 || !SEPARATOR.test(separator)) return null;
  const align = cellsOf(lines, at + 1).map((cell) => alignOf(lines.text.slice(cell.from, cell.to)));
  const columns = align.length;
  const head = cellsOf(lines, at);
  if (head.length !== columns || !head.some(({ from, to }) => from < to)) return null;

  const rows: Range[][] = [head];
  let cells = columns;
  let over = columns > MARKUP_BOUNDS.columns;
  let next = at + 2;
  for (; next < lines.count && !lines.isBlank(next) && lines.line(next).includes('|'); next++) {
    if (over) continue;
    const row = cellsOf(lines, next);
    cells += Math.max(row.length, columns);
    over = row.length > MARKUP_BOUNDS.columns || cells > MARKUP_BOUNDS.cells;
    rows.push(row);
  }
  if (over) return { block: null, next };
  cost.node();
  const parsed = rows.map((row) => row.map((cell) => inCell(lines, cell, cost)));
  return { block: { type: 'table', align, rows: parsed }, next };
};

const alignOf = (dashes: string): Table['align'][number] => {
  const [left, right] = [dashes.startsWith(':'), dashes.endsWith(':')];
  return left && right ? 'center' : right ? 'right' : left ? 'left' : null;
};

/** A bar in code, and one behind a backslash, is part of a cell. */
const cellsOf = (lines: Lines, at: number): Range[] => {
  const line = lines.line(at);
  const { from: offset } = lines.range(at);
  const end = line.trimEnd().length;
  let from = line.length - line.trimStart().length;
  if (line[from] === '|') from++;
  const cells: Range[] = [];
  const push = (to: number) => {
    let [start, stop] = [from, to];
    while (start < stop && /\s/.test(line.charAt(start))) start++;
    while (stop > start && /\s/.test(line.charAt(stop - 1))) stop--;
    cells.push({ from: offset + start, to: offset + stop });
  };
  for (let i = from; i < end; i++) {
    if (line[i] === '\\' && line[i + 1] === '|') i++;
    else if (line[i] === '`') i = endOfCode(line, i);
    else if (line[i] === '|') {
      push(i);
      from = i + 1;
    }
  }
  if (from < end || cells.length === 0) push(end);
  return cells;
};

const endOfCode = (line: string, at: number): number => {
  let open = at;
  while (line[open] === '`') open++;
  const fence = line.slice(at, open);
  const close = line.indexOf(fence, open);
  return close < 0 ? open - 1 : close + fence.length - 1;
};

/** The words of a cell; the backslash before a bar is a sign of the table. */
const inCell = (lines: Lines, { from, to }: Range, cost: Cost): Inline[] => {
  cost.node();
  const parts: Inline[] = [];
  const text = lines.text.slice(from, to);
  let start = 0;
  for (let at = text.indexOf('\\|'); at >= 0; at = text.indexOf('\\|', at + 2)) {
    parts.push(...parseInline(lines.text, [{ from: from + start, to: from + at }], cost, 'behind'));
    start = at + 1;
  }
  if (start < text.length)
    parts.push(...parseInline(lines.text, [{ from: from + start, to }], cost, 'behind'));
  return parts;
};
