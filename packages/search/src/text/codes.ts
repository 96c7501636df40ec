import { fold, isAscii } from '@lockstep/protocol';
import { cutTo } from './cut.ts';
import { withoutMentions } from './tokens.ts';

/** A run without spaces, ideographs and kana: where a code, a version, a path, an address or a name of a program stands. */
const CHUNK = /[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}，。；：、？！（）“”「」『』]+/gu;
const LETTER = /[\p{L}\p{N}]/u;
const LAST = /[\p{L}\p{N}\p{M}+#]/u;
const JOINED = /[\p{L}\p{N}][._\-/:@\\=+~#$%&*^|]+[\p{L}\p{N}]/u;
const DIGIT = /\p{Nd}/u;
const CAMEL_CASE = /[a-z][A-Z]/;

/** What one trigram needs; shorter ones are found as words. */
const MIN_CODE = 3;
const MAX_CODE = 400;
/** In UTF-16 units, before folding. */
const MAX_CHUNK = 4 * MAX_CODE;

/**
 * Without the signs around it. Walked from both ends: an expression for a run of signs at the end would begin again
 * at every sign of a run in the middle. Longer ones are distinguished by their beginning only.
 */
const bareOf = (chunk: string): string => {
  const from = chunk.search(LETTER);
  if (from < 0) return '';
  const run = cutTo(chunk.slice(from), MAX_CHUNK);
  let end = run.length;
  while (end > 0) {
    const start = isLowSurrogate(run.charCodeAt(end - 1)) ? Math.max(0, end - 2) : end - 1;
    if (LAST.test(run.slice(start, end))) break;
    end = start;
  }
  return run.slice(0, end);
};

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Folded first: ㎏ are letters then, and a digit of any script is one. */
const foldedBare = (chunk: string): string =>
  isAscii(chunk) ? bareOf(chunk).toLowerCase() : bareOf(fold(cutTo(chunk, MAX_CHUNK)));

/** What looks like a code, folded: any part of it can be found, not only its beginning. Null where it is a plain word. */
const codeOf = (chunk: string): string | null => {
  const bare = foldedBare(chunk);
  if (bare.length < MIN_CODE || !(DIGIT.test(bare) || CAMEL_CASE.test(chunk) || JOINED.test(bare)))
    return null;
  return cutTo(bare, MAX_CODE);
};

/** The codes of a text, with spaces between; null where it has none. */
export const codesOf = (body: string): string | null => {
  const text = withoutMentions(body);
  let codes: string | null = null;
  for (const [chunk] of text.matchAll(CHUNK)) {
    const code = codeOf(chunk);
    if (code) codes = codes === null ? code : `${codes} ${code}`;
  }
  return codes;
};

/** The code that a word of a query asks for; null where it asks for words. */
export const codeOfTerm = (text: string): string | null => {
  const [chunk, ...more] = text.match(CHUNK) ?? [];
  if (chunk === undefined || more.length > 0 || chunk.length !== text.length) return null;
  const bare = foldedBare(chunk);
  // Capitals in the middle are how one writes a name, not a wish to look inside of it.
  return DIGIT.test(bare) || JOINED.test(bare) ? codeOf(chunk) : null;
};
