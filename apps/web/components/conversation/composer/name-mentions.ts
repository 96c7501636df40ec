import { foldName } from '@lockstep/protocol';
import { isInFence } from './enter.ts';
import { type Candidate, type MarkedText, withMark } from './mention-text.ts';

const AT = /(?<![A-Za-z0-9._%+\-/@`])[@＠]/g;
const LETTER = /[\p{L}\p{M}\p{N}_]/u;
const CJK_END = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]$/u;

/** Whether the text goes on with this name from `at`, and the name ends there. Its end, or null. */
const endOfName = (text: string, at: number, name: string): number | null => {
  const folded = foldName(name);
  // As many letters as the name has, or a few more where accents are written apart.
  for (let end = at + name.length; end <= Math.min(text.length, at + name.length + 4); end++) {
    if (foldName(text.slice(at, end)) !== folded) continue;
    const next = text[end] ?? ' ';
    if (LETTER.test(next) && !CJK_END.test(name)) return null;
    return end;
  }
  return null;
};

/**
 * Mentions whom was named without being chosen from the list: `@Ann please`. The name must be whole, and only one of the
 * members may have it; the longest name that fits counts. What stands in code stays text.
 */
export const withNamedMentions = (shown: MarkedText, members: readonly Candidate[]): MarkedText => {
  let next = shown;
  for (const { index } of shown.text.matchAll(AT)) {
    if (next.marks.some((mark) => index >= mark.start && index < mark.end)) continue;
    if (isInFence(shown.text, index) || isInCode(shown.text, index)) continue;
    const found = members.flatMap((person) => {
      const end = endOfName(shown.text, index + 1, person.name);
      return end === null ? [] : [{ userId: person.id, start: index, end }];
    });
    const longest = Math.max(...found.map(({ end }) => end));
    const [mark, other] = found.filter(({ end }) => end === longest);
    if (mark && !other) next = withMark(next, mark);
  }
  return next;
};

/** An odd number of backticks before it on its line: a code span is open. */
const isInCode = (text: string, at: number): boolean => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return (
    (line.match(/`/g)?.length ?? 0) % 2 === 1 && text.slice(at).split('\n', 1)[0]?.includes('`') === true
  );
};
