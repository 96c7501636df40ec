import { MENTION } from '@lockstep/protocol';
import { markupIn } from '../markup.ts';

export type Mark = readonly [from: number, to: number];

export interface Excerpt {
  text: string;
  marks: Mark[];
}

/**
 * A line or two of a message around the first mark. `length` is about how long it gets, in UTF-16 units; mentions are
 * written with names, the signs of markdown are left out, and the marks moved with them.
 */
export const excerptOf = (
  body: string,
  marks: readonly Mark[],
  nameOf: (userId: string) => string | undefined,
  length = 240,
): Excerpt => {
  const first = marks[0]?.[0] ?? 0;
  let from = first > length / 3 ? wordStart(body, first - Math.floor(length / 4)) : 0;
  const to = Math.min(body.length, from + length);
  // The end of a long text, whole.
  if (body.length - from < length) from = Math.max(0, wordStart(body, body.length - length));
  // What was found in the address of a link is shown there.
  const found = ([start, stop]: Mark) => marks.some(([a, b]) => a >= start && b <= stop);
  const markup = markupIn(body).map((sign): Mark => (found(sign) ? [sign[0], sign[0] + 1] : sign));
  let text = from > 0 ? '…' : '';
  const moved: Mark[] = [];
  let at = from;
  const copy = (end: number) => {
    for (const [start, stop] of marks) {
      const [a, b] = [Math.max(start, at), Math.min(stop, end)];
      if (a >= b) continue;
      const last = moved.at(-1);
      const mark: Mark = [text.length + a - at, text.length + b - at];
      // A sign stood within it.
      if (last && last[1] === mark[0] && a > start) moved[moved.length - 1] = [last[0], mark[1]];
      else moved.push(mark);
    }
    text += body.slice(at, end).replace(/\s/g, ' ');
    at = end;
  };
  const copyPlain = (end: number) => {
    for (const [start, stop] of markup) {
      if (stop <= at || start >= end) continue;
      if (start > at) copy(start);
      at = Math.min(stop, end);
    }
    copy(Math.max(at, end));
  };
  for (const match of body.matchAll(MENTION)) {
    if (match.index < at || match.index + match[0].length > to) continue;
    copyPlain(match.index);
    text += `@${nameOf(match[1] as string) ?? '…'}`;
    at = match.index + match[0].length;
  }
  copyPlain(Math.max(at, to));
  if (at < body.length) text += '…';
  return { text, marks: moved };
};

/** Not inside of a word, where a space is near. */
const wordStart = (body: string, at: number): number => {
  if (at <= 0) return 0;
  const space = body.slice(at, at + 24).search(/\s/);
  return space < 0 ? at : at + space + 1;
};
