import { isVisible } from '../visible.ts';
import { type Cost, MARKUP_BOUNDS } from './bounds.ts';
import { looksLikeCode } from './code-like.ts';
import { fenceAt } from './fences.ts';
import { parseInline, type Words } from './inline.ts';
import type { Lines, ParseInside } from './lines.ts';
import { listAt } from './lists.ts';
import type { Block, Heading, Paragraph, Range, Rule } from './nodes.ts';
import { quoteAt } from './quotes.ts';
import { tableAt } from './tables.ts';

const HEADING = /^ {0,3}(#{1,6})[ \t]+(?=\S)/;
const RULE = /^ {0,3}(-{3,}|\*{3,}|_{3,})[ \t]*$/;
/** Nothing else begins with another sign. */
const MAY_BEGIN = /^[ \t]*[`~>#*_|\-\d]|\|/;

interface Found {
  block: WithoutGap<Block>;
  /** The first line behind it. */
  next: number;
}
type WithoutGap<T> = T extends Block ? Omit<T, 'gap'> : never;

/**
 * The blocks of some lines. `depth`: quotes and lists around them. `behind`: the first line stands behind a marker, and
 * is words whatever it begins with.
 */
export const parseBlocks = (lines: Lines, cost: Cost, depth = 0, behind = false): Block[] => {
  const blocks: Block[] = [];
  let gap = 0;
  /** Up to here it is known that no code without a fence begins. */
  let count = 0;
  /** The block that ends a paragraph, so that it is parsed once. */
  let ahead: { at: number; found: Found } | null = null;
  const blockOnce = (at: number): Found | null => {
    if (ahead?.at === at) return ahead.found;
    const found = blockAt(lines, at, cost, depth);
    if (found) ahead = { at, found };
    return found;
  };
  for (let at = 0; at < lines.count; ) {
    if (lines.isBlank(at)) {
      gap++;
      at++;
      continue;
    }
    const first = behind && at === 0;
    let found: Found | null = null;
    if (!first && at >= count) {
      count = endOfChunk(lines, at, cost);
      if (looksLikeCode(slice(lines, at, count))) found = words(lines, at, count, cost, 'raw');
    }
    found ??= (first ? null : blockOnce(at)) ?? paragraphAt(lines, at, cost, first, blockOnce);
    blocks.push({ ...found.block, gap });
    gap = 0;
    at = found.next;
  }
  return blocks;
};

const slice = (lines: Lines, from: number, to: number): string[] =>
  lines.ranges.slice(from, to).map((range) => lines.text.slice(range.from, range.to));

/** Lines without an empty one or a fence between them. */
const endOfChunk = (lines: Lines, at: number, cost: Cost): number => {
  let end = at;
  while (end < lines.count && !lines.isBlank(end) && !/^[ \t>]*(?:`{3}|~{3})/.test(lines.line(end))) end++;
  cost.spend(end - at);
  return end;
};

const blockAt = (lines: Lines, at: number, cost: Cost, depth: number): Found | null => {
  const line = lines.line(at);
  if (!MAY_BEGIN.test(line)) return null;
  cost.spend(8);
  const inside: ParseInside = (inner, innerDepth) => parseBlocks(inner, cost, innerDepth);
  const item: ParseInside = (inner, innerDepth) => parseBlocks(inner, cost, innerDepth, true);
  return (
    fenceAt(lines, at, cost) ??
    headingAt(lines, at, cost) ??
    ruleAt(lines, at) ??
    tableOrText(lines, at, cost) ??
    (depth < MARKUP_BOUNDS.depth
      ? (quoteAt(lines, at, cost, depth, inside) ?? listAt(lines, at, cost, depth, item))
      : null)
  );
};

const headingAt = (lines: Lines, at: number, cost: Cost): Found | null => {
  const match = HEADING.exec(lines.line(at));
  const { from, to } = lines.range(at);
  if (!match || !isVisible(lines.text.slice(from + match[0].length, to))) return null;
  cost.node();
  const children = parseInline(lines.text, [{ from: from + match[0].length, to }], cost, 'behind');
  const block: WithoutGap<Heading> = { type: 'heading', level: (match[1] as string).length, children };
  return { block, next: at + 1 };
};

/** Between empty lines or the ends of what it stands in, and never alone. */
const ruleAt = (lines: Lines, at: number): Found | null => {
  if (!RULE.test(lines.line(at)) || lines.count === 1) return null;
  if (!(lines.isBlank(at - 1) && lines.isBlank(at + 1))) return null;
  const { from } = lines.range(at);
  const line = lines.line(at);
  const block: WithoutGap<Rule> = {
    type: 'rule',
    from: from + line.search(/\S/),
    to: from + line.trimEnd().length,
  };
  return { block, next: at + 1 };
};

const tableOrText = (lines: Lines, at: number, cost: Cost): Found | null => {
  const table = tableAt(lines, at, cost);
  if (!table) return null;
  const { block, next } = table;
  return block ? { block, next } : words(lines, at, next, cost, 'raw');
};

const paragraphAt = (
  lines: Lines,
  at: number,
  cost: Cost,
  first: boolean,
  blockOnce: (at: number) => Found | null,
): Found => {
  let end = at + 1;
  let open = opensCode(lines.line(at));
  while (end < lines.count) {
    if (open) {
      // Code in three backticks that goes over lines, if it ends somewhere.
      const close = closingLine(lines, end, cost);
      if (close < 0) open = false;
      else {
        end = close + 1;
        open = opensCode(lines.line(close), true);
        continue;
      }
    }
    if (lines.isBlank(end) || blockOnce(end)) break;
    open = opensCode(lines.line(end));
    end++;
  }
  return words(lines, at, end, cost, first ? 'behind' : 'paragraph');
};

/** Whether a line has a run of three backticks without a second one behind it; `inside`: it begins inside of one. */
const opensCode = (line: string, inside = false): boolean => {
  if (!line.includes('```')) return false;
  return ((line.match(/`{3,}/g)?.length ?? 0) + (inside ? 1 : 0)) % 2 === 1;
};

const closingLine = (lines: Lines, at: number, cost: Cost): number => {
  for (let i = at; i < lines.count; i++) {
    cost.spend(2);
    if (lines.line(i).includes('```')) return i;
  }
  return -1;
};

const words = (lines: Lines, from: number, to: number, cost: Cost, kind: Words): Found => {
  cost.node();
  const ranges: Range[] = lines.ranges.slice(from, to);
  const block: WithoutGap<Paragraph> = {
    type: 'paragraph',
    children: parseInline(lines.text, ranges, cost, kind),
  };
  return { block, next: to };
};
