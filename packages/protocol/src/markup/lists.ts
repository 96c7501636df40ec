import { isVisible } from '../visible.ts';
import type { Cost } from './bounds.ts';
import { indentLength, indentOf, type Lines, type ParseInside } from './lines.ts';
import type { List, ListItem, Range } from './nodes.ts';

const MARKER = /^([ \t]*)([-*]|\d{1,9}[.)])[ \t]+(?=\S)/;
const BOX = /^\[([ xX])\][ \t]+(?=[^\s\p{Default_Ignorable_Code_Point}])/u;
/** Further in than its neighbours by so many columns, an item belongs to the one above it. */
const DEEPER = 2;

interface Marker {
  indent: number;
  /** What its neighbours must be of: the sign, or how a number is written. */
  kind: string;
  /** Of the sign or number, within the line. */
  sign: Range;
  /** Where the words begin, within the line. */
  content: number;
}

const markerOf = (line: string): Marker | null => {
  const match = MARKER.exec(line);
  if (!match) return null;
  const [whole, space = '', sign = ''] = match;
  const content = line.slice(whole.length);
  // `* * * * * command`, `- - -`, `1. 2. 3.`: no list of one star.
  if (/^(?:[-*]|\d{1,9}[.)])(?:\s|$)/.test(content) || /^[-*_]+\s*$/.test(content) || !isVisible(content))
    return null;
  return {
    indent: indentOf(line),
    kind: sign.length === 1 ? sign : sign.slice(-1),
    sign: { from: space.length, to: space.length + sign.length },
    content: whole.length,
  };
};

/**
 * A list: lines with markers of one kind at one indent, each with what is indented below it. An empty line ends it. The
 * numbers are those that were typed.
 */
export const listAt = (
  lines: Lines,
  at: number,
  cost: Cost,
  depth: number,
  parse: ParseInside,
): { block: Omit<List, 'gap'>; next: number } | null => {
  const first = markerOf(lines.line(at));
  if (!first) return null;
  const items: ListItem[] = [];
  let next = at;
  while (next < lines.count) {
    const line = lines.line(next);
    const marker = markerOf(line);
    if (!marker || marker.kind !== first.kind) break;
    if (marker.indent < first.indent || marker.indent >= first.indent + DEEPER) break;
    let end = next + 1;
    while (end < lines.count && !lines.isBlank(end) && indentOf(lines.line(end)) >= first.indent + DEEPER)
      end++;
    cost.spend((end - next) * 8);
    items.push(itemOf(lines, next, end, marker, cost, depth, parse));
    next = end;
  }
  cost.node();
  const ordered = /\d/.test(lines.line(at).charAt(first.sign.from));
  return { block: { type: 'list', ordered, items }, next };
};

const itemOf = (
  lines: Lines,
  at: number,
  end: number,
  { sign, content, kind }: Marker,
  cost: Cost,
  depth: number,
  parse: ParseInside,
): ListItem => {
  cost.node();
  const { from } = lines.range(at);
  const box = kind === '-' || kind === '*' ? BOX.exec(lines.line(at).slice(content)) : null;
  const skip = content + (box?.[0].length ?? 0);
  // The lines below lose the indent that they have in common, and no more than the marker is wide.
  let width = sign.to - sign.from + 1 + indentOf(lines.line(at));
  for (let i = at + 1; i < end; i++) width = Math.min(width, indentOf(lines.line(i)));
  let line = 0;
  const inner = lines.cut(at, end, (text) => (line++ === 0 ? skip : indentLength(text, width)));
  return {
    marker: { from: from + sign.from, to: from + sign.to },
    box: box && { from: from + content, to: from + content + 3, done: box[1] !== ' ' },
    blocks: parse(inner, depth + 1),
  };
};
