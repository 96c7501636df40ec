import { type Block, type Inline, parseMarkup } from '@lockstep/protocol/markup';
import type { Field, Replacement } from './field.ts';

/** What a mark formats as, and the marks that do the same, the usual one first. */
const MARKS: Record<string, { type: Inline['type']; marks: readonly string[] }> = {
  '**': { type: 'bold', marks: ['**'] },
  _: { type: 'italic', marks: ['_', '*'] },
  '~~': { type: 'strike', marks: ['~~'] },
  '`': { type: 'code', marks: ['`'] },
};

/** A stretch of one line. */
interface Part {
  from: number;
  to: number;
}

/** The markers of quotes, items and headings stay outside of the formatting. */
const PREFIX = /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+(?:\[[ xX]\][ \t]+)?)*/;
const WORD = /[\p{L}\p{N}\p{M}_'’]/u;

/**
 * Puts a mark around what is selected so that it formats: line by line, without spaces and markers at the ends,
 * around the whole word where it could not begin inside of it. Removes the marks if they are already there.
 */
export const toggleMark = (field: Field, mark: string): Replacement => {
  const { text, start, end } = field;
  const parts = partsOf(field);
  const [first] = parts;
  if (!first)
    return {
      from: start,
      to: end,
      insert: mark + text.slice(start, end) + mark,
      start: start + mark.length,
      end: end + mark.length,
    };
  const marked = parts.map((part) => markedAround(text, part, mark));
  const isMarked = marked.every((part) => part !== null);
  const changes = parts.map((part, i) => {
    const around = marked[i];
    if (isMarked && around) return { ...around, open: '', close: '' };
    return around ? { outer: part, inner: part, open: '', close: '' } : wrapped(text, part, mark);
  });

  const from = Math.min(start, ...changes.map(({ outer }) => outer.from));
  const to = Math.max(end, ...changes.map(({ outer }) => outer.to));
  let insert = '';
  let at = from;
  let [newStart, newEnd] = [0, 0];
  for (const [i, { outer, inner, open, close }] of changes.entries()) {
    insert += text.slice(at, outer.from) + open;
    if (i === 0) newStart = from + insert.length;
    insert += text.slice(inner.from, inner.to);
    newEnd = from + insert.length;
    insert += close;
    at = outer.to;
  }
  return { from, to, insert: insert + text.slice(at, to), start: newStart, end: newEnd };
};

/** The words of each selected line; of a caret inside of a word, the word. */
const partsOf = ({ text, start, end }: Field): Part[] => {
  if (start === end) {
    const word = wordAround(text, { from: start, to: start });
    return word.from < start && start < word.to ? [word] : [];
  }
  const parts: Part[] = [];
  for (let from = start; from <= end; ) {
    const line = text.indexOf('\n', from);
    const stop = line < 0 || line > end ? end : line;
    const lineStart = text.lastIndexOf('\n', from - 1) + 1;
    const prefix = lineStart + (PREFIX.exec(text.slice(lineStart, stop))?.[0].length ?? 0);
    const part = trimmed(text, Math.max(from, Math.min(prefix, stop)), stop);
    if (part.from < part.to) parts.push(part);
    from = stop + 1;
  }
  return parts;
};

const trimmed = (text: string, from: number, to: number): Part => {
  const part = text.slice(from, to);
  const start = from + part.length - part.trimStart().length;
  return { from: start, to: Math.max(start, to - (part.length - part.trimEnd().length)) };
};

interface Change {
  /** What is replaced. */
  outer: Part;
  /** What of it stays. */
  inner: Part;
}

/** The marks that stand around a part already, within it or outside of it. */
const markedAround = (text: string, { from, to }: Part, mark: string): Change | null => {
  for (const one of MARKS[mark]?.marks ?? [mark]) {
    const n = one.length;
    const alone = (at: number) => one.length > 1 || text[at] !== one;
    if (
      text.slice(from - n, from) === one &&
      text.slice(to, to + n) === one &&
      alone(from - n - 1) &&
      alone(to + n)
    )
      return { outer: { from: from - n, to: to + n }, inner: { from, to } };
    const part = text.slice(from, to);
    if (
      part.length > 2 * n &&
      part.startsWith(one) &&
      part.endsWith(one) &&
      alone(from + n) &&
      alone(to - n - 1)
    )
      return { outer: { from, to }, inner: { from: from + n, to: to - n } };
  }
  return null;
};

const wrapped = (text: string, part: Part, mark: string): Change & { open: string; close: string } => {
  const { type, marks } = MARKS[mark] ?? { type: 'bold', marks: [mark] };
  const tries = [part, wordAround(text, part), runAround(text, part)];
  for (const inner of tries)
    for (const one of marks)
      if (formats(text, inner, one, type)) return { outer: inner, inner, open: one, close: one };
  return { outer: part, inner: part, open: mark, close: mark };
};

/** Up to the ends of the words that it begins and ends in. */
const wordAround = (text: string, { from, to }: Part): Part => {
  let [start, stop] = [from, to];
  while (
    start > 0 &&
    WORD.test(text.charAt(start - 1)) &&
    (to > from || start === from || WORD.test(text.charAt(start)))
  )
    start--;
  while (stop < text.length && WORD.test(text.charAt(stop))) stop++;
  return { from: start, to: stop };
};

/** Up to the spaces around it. */
const runAround = (text: string, { from, to }: Part): Part => {
  let [start, stop] = [from, to];
  while (start > 0 && /\S/.test(text.charAt(start - 1))) start--;
  while (stop < text.length && /\S/.test(text.charAt(stop))) stop++;
  return { from: start, to: stop };
};

/** Whether the mark around a part of a line makes that part, and no other, bold, italic or whatever it stands for. */
const formats = (text: string, { from, to }: Part, mark: string, type: Inline['type']): boolean => {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const line =
    text.slice(lineStart, from) +
    mark +
    text.slice(from, to) +
    mark +
    text.slice(to, next < 0 ? text.length : next);
  const start = from - lineStart + mark.length;
  return wordsIn(parseMarkup(line).blocks).some((node) => hasFormat(node, type, start, start + to - from));
};

const hasFormat = (node: Inline, type: Inline['type'], from: number, to: number): boolean => {
  if (node.type === type && startOf(node) === from && endOf(node) === to) return true;
  return 'children' in node && node.children.some((child) => hasFormat(child, type, from, to));
};

const startOf = (node: Inline): number =>
  'children' in node ? insideOf(node.children[0], startOf) : node.from;
const endOf = (node: Inline): number =>
  'children' in node ? insideOf(node.children.at(-1), endOf) : node.to;
const insideOf = (node: Inline | undefined, find: (node: Inline) => number): number =>
  node ? find(node) : -1;

const wordsIn = (blocks: readonly Block[]): Inline[] =>
  blocks.flatMap((block) => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return block.children;
      case 'quote':
        return wordsIn(block.blocks);
      case 'list':
        return block.items.flatMap((item) => wordsIn(item.blocks));
      default:
        return [];
    }
  });
