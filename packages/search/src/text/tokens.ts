import { eachFolded, isAscii } from '@lockstep/protocol';
import { cutTo } from './cut.ts';

/** One thing that can be found: a word, the flag of a command, two adjacent characters of a script without spaces, a pictogram. */
export interface Token {
  /** Folded. */
  text: string;
  /** Place in the text, from 1; phrases compare places. */
  at: number;
  /** Where it stands in the text as given, in UTF-16 units, end exclusive. */
  from: number;
  to: number;
  /** Of a script without spaces: `text` is two characters, or one where a run ends. */
  gram: boolean;
}

/** Longer words are distinguished by their beginning only. In UTF-16 units. */
export const MAX_TOKEN = 80;
/** Scripts that do not separate words by spaces: any two adjacent characters can be found. */
const GRAM = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}\u3099\u309a\u30fc`;
const PICTURE = String.raw`\p{Extended_Pictographic}[\u{e0020}-\u{e007f}]*`;
/** Of a folded text. Everything but `+` and `#` behind one or two letters, which names such as C++, C# and F# need. */
const PIECE = new RegExp(
  [
    String.raw`(?<emoji>\p{RI}\p{RI}|[0-9#*]\u20e3|${PICTURE}(?:\u200d${PICTURE})*)`,
    `(?<grams>[${GRAM}]+)`,
    String.raw`(?:(?![${GRAM}])[\p{L}\p{N}\p{M}])+`,
  ].join('|'),
  'gu',
);
/** A mention stands in the text as `<@user id>`: it is found by `mentions:`, not by pieces of the id. */
const MENTION = /(?<!\\)<@[0-9a-f-]{36}>/g;

export const withoutMentions = (text: string): string =>
  text.includes('<@') ? text.replace(MENTION, (found) => ' '.repeat(found.length)) : text;

/** In the order of the text. */
export const tokensOf = (body: string): Token[] => {
  const text = withoutMentions(body);
  return isAscii(text) ? asciiTokens(text) : anyTokens(text);
};

/** Most messages by far: by character code, without a regular expression. */
const asciiTokens = (text: string): Token[] => {
  const tokens: Token[] = [];
  const lower = text.toLowerCase();
  const { length } = lower;
  let at = 0;
  for (let i = 0; i < length; ) {
    if (!isWordCode(lower.charCodeAt(i))) {
      i++;
      continue;
    }
    let end = i + 1;
    while (end < length && isWordCode(lower.charCodeAt(end))) end++;
    at++;
    tokens.push({ text: lower.slice(i, Math.min(end, i + MAX_TOKEN)), at, from: i, to: end, gram: false });
    const minus = flagAt(lower, i);
    if (minus < i)
      tokens.push({
        text: `-${lower.slice(i, Math.min(end, i + MAX_TOKEN))}`,
        at,
        from: minus,
        to: end,
        gram: false,
      });
    const named = end - i <= 2 ? suffixOf(lower, i, end) : '';
    if (named)
      tokens.push({ text: lower.slice(i, end) + named, at, from: i, to: end + named.length, gram: false });
    i = end;
  }
  return tokens;
};

const isWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** What may stand before the flag of a command. */
const BEFORE_FLAG = /[\s"'`([{|]/;

/**
 * Where the minus or the two before a word stand that make it the flag of a command, such as `-rf` and `--amend`: it is
 * then also found as `-rf`, at the same place. Where the word itself begins, if there are none.
 */
const flagAt = (text: string, word: number): number => {
  let from = word;
  while (from > 0 && word - from < 2 && text[from - 1] === '-') from--;
  return from < word && (from === 0 || BEFORE_FLAG.test(text[from - 1] as string)) ? from : word;
};

/** `++` or `#` after `c`, at the place of the word: both are found. */
const suffixOf = (text: string, from: number, end: number): string => {
  const first = text.charCodeAt(from);
  if (first < 97 || first > 122) return '';
  if (text.startsWith('++', end)) return '++';
  return text[end] === '#' ? '#' : '';
};

/** Of a folded text: one sign may fold to many letters, of which the longest text would have a hundred thousand. */
const MAX_FOLDED = 48_000;

/** A text folded, and where each of its UTF-16 units comes from. */
const foldedOf = (body: string) => {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  const push = (part: string, from: number, to: number) => {
    if (text.length >= MAX_FOLDED) return;
    text += part;
    for (let i = 0; i < part.length; i++) {
      starts.push(from);
      ends.push(to);
    }
  };
  eachFolded(body, (part, from, to, apart) => {
    if (apart) push(' ', from, from);
    push(part, from, to);
    if (apart) push(' ', to, to);
  });
  return { text, starts, ends };
};

const anyTokens = (body: string): Token[] => {
  const tokens: Token[] = [];
  const { text, starts, ends } = foldedOf(body);
  let at = 0;
  const push = (token: string, start: number, end: number, gram = false) => {
    const [from = 0, to = 0] = [starts[start], ends[end - 1]];
    tokens.push({ text: cutTo(token, MAX_TOKEN), at, from, to, gram });
  };
  for (const { 0: piece, index: start, groups } of text.matchAll(PIECE)) {
    const end = start + piece.length;
    if (groups?.grams) {
      // 人工智能 → 人工 工智 智能 能. The last alone, so that one character finds it too, by what begins with it.
      let offset = start;
      for (const sign of piece) {
        const next =
          end > offset + sign.length ? String.fromCodePoint(text.codePointAt(offset + sign.length) ?? 0) : '';
        at++;
        push(sign + next, offset, offset + sign.length + next.length, true);
        offset += sign.length;
      }
      continue;
    }
    at++;
    if (groups?.emoji) {
      for (const part of piece.length <= 2 && !piece.endsWith('\u20e3') ? [piece] : partsOf(piece))
        push(part, start, end);
    } else {
      push(piece, start, end);
      const minus = flagAt(text, start);
      if (minus < start) push(`-${piece}`, minus, end);
      const named = piece.length <= 2 ? suffixOf(text, start, end) : '';
      if (named) push(piece + named, start, end + named.length);
    }
  }
  return tokens;
};

/** An emoji is found whole, and by each that it is made of; the whole stands last, at the same place. */
const partsOf = (emoji: string): string[] => {
  const parts = emoji.endsWith('\u20e3') ? [emoji.charAt(0)] : emoji.split('\u200d');
  return [...parts.filter((part) => part !== emoji && /[^#*]/.test(part)), emoji];
};
