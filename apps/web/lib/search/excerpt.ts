import { MENTION_OR_ESCAPED } from '@lockstep/protocol';
import { readingOf } from '@lockstep/protocol/markup';
import { isolated } from '../isolated.ts';

export type Mark = readonly [from: number, to: number];

export interface Excerpt {
  text: string;
  marks: Mark[];
}

/**
 * A line or two of a message around the first mark, as it reads. `marks` are places in the text as it was typed, in
 * UTF-16 units; `length` is about how long the excerpt gets. Mentions are written with names. What was found in the
 * address of a link is shown there.
 */
export const excerptOf = (
  body: string,
  marks: readonly Mark[],
  nameOf: (userId: string) => string,
  length = 240,
): Excerpt => {
  const plain = readingOf(body);
  const isRead = marks.every(([from, to]) => plain.read(from, to).length > 0);
  const reading = isRead ? plain : readingOf(body, { addresses: 'behind' });
  const found = joined(marks.flatMap(([from, to]) => around(reading.read(from, to))));
  const { text } = reading;

  const first = found[0]?.[0] ?? 0;
  let from = first > length / 3 ? wordStart(text, first - Math.floor(length / 4)) : 0;
  const to = Math.min(text.length, from + length);
  // The end of a long text, whole.
  if (text.length - from < length) from = Math.max(0, wordStart(text, text.length - length));
  return withNames(text, found, from, to, nameOf);
};

/** A mark over signs that are left out is one mark. */
const around = (parts: readonly [number, number][]): Mark[] => {
  const [first, last] = [parts[0], parts.at(-1)];
  return first && last ? [[first[0], last[1]]] : [];
};

const joined = (marks: Mark[]): Mark[] => {
  const result: [number, number][] = [];
  for (const [from, to] of marks.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from < last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
};

/** The text from `from` to `to`, or to the end of the mention that stands there, and its marks. */
const withNames = (
  text: string,
  marks: readonly Mark[],
  from: number,
  to: number,
  nameOf: (userId: string) => string,
): Excerpt => {
  let shown = from > 0 ? '…' : '';
  const shifted: Mark[] = [];
  let at = from;
  const copy = (end: number) => {
    for (const [start, stop] of marks) {
      const [a, b] = [Math.max(start, at), Math.min(stop, end)];
      if (a < b) shifted.push([shown.length + a - at, shown.length + b - at]);
    }
    shown += text.slice(at, end).replace(/\s/g, ' ');
    at = end;
  };
  for (const { 0: found, 1: userId = '', index } of text.matchAll(MENTION_OR_ESCAPED)) {
    if (index < at || index + found.length > to) continue;
    copy(index);
    if (found.startsWith('\\')) at = index + 1;
    else {
      shown += isolated(`@${nameOf(userId)}`);
      at = index + found.length;
    }
  }
  copy(Math.max(at, to));
  if (at < text.length) shown += '…';
  return { text: shown, marks: shifted };
};

/** Not inside of a word, where a space is near. */
const wordStart = (body: string, at: number): number => {
  if (at <= 0) return 0;
  const space = body.slice(at, at + 24).search(/\s/);
  return space < 0 ? at : at + space + 1;
};
