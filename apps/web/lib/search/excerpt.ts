import { MENTION } from '@lockstep/protocol';

export type Mark = readonly [from: number, to: number];

export interface Excerpt {
  text: string;
  marks: Mark[];
}

/**
 * A line or two of a message around the first mark. `length` is about how long it gets, in UTF-16 units; mentions are
 * written with names, and the marks moved with them.
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
  let text = from > 0 ? '…' : '';
  const moved: Mark[] = [];
  let at = from;
  const copy = (end: number) => {
    for (const [start, stop] of marks) {
      const [a, b] = [Math.max(start, at), Math.min(stop, end)];
      if (a < b) moved.push([text.length + a - at, text.length + b - at]);
    }
    text += body.slice(at, end).replace(/\s/g, ' ');
    at = end;
  };
  for (const match of body.matchAll(MENTION)) {
    if (match.index < at || match.index + match[0].length > to) continue;
    copy(match.index);
    text += `@${nameOf(match[1] as string) ?? '…'}`;
    at = match.index + match[0].length;
  }
  copy(Math.max(at, to));
  if (at < body.length) text += '…';
  return { text, marks: moved };
};

/** Not inside of a word, where a space is near. */
const wordStart = (body: string, at: number): number => {
  if (at <= 0) return 0;
  const space = body.slice(at, at + 24).search(/\s/);
  return space < 0 ? at : at + space + 1;
};
