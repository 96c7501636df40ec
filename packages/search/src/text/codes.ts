import { fold } from './fold.ts';
import { withoutMentions } from './tokens.ts';

/** A run without spaces, ideographs and kana: where a code, a version, a path, an address or a name of a program stands. */
const CHUNK = /[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}，。；：、？！（）“”「」『』]+/gu;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}+#]+$/gu;
const JOINED = /[\p{L}\p{N}][._\-/:@\\=+~#$%&*^|]+[\p{L}\p{N}]/u;
const DIGIT = /\p{Nd}/u;
const HUMP = /[a-z][A-Z]/;

/** What one trigram needs; shorter ones are found as words. */
const MIN_CODE = 3;
const MAX_CODE = 400;

/** What looks like a code, folded: any part of it can be found, not only its beginning. Null where it is a plain word. */
const codeOf = (chunk: string): string | null => {
  const bare = chunk.replace(EDGES, '');
  if (bare.length < MIN_CODE || !(DIGIT.test(bare) || HUMP.test(bare) || JOINED.test(bare))) return null;
  return fold(bare).slice(0, MAX_CODE).toWellFormed();
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
  const bare = chunk.replace(EDGES, '');
  // Capitals in the middle are how one writes a name, not a wish to look inside of it.
  return DIGIT.test(bare) || JOINED.test(bare) ? codeOf(chunk) : null;
};
