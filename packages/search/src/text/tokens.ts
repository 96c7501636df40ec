import { fold, isAscii } from './fold.ts';

/** One thing that can be found: a word, two adjacent characters of a script without spaces, a pictogram. */
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

/** Longer words are told apart by their beginning only. In UTF-16 units. */
export const MAX_TOKEN = 80;

/** Scripts in which words are not told apart by spaces: any two adjacent characters can be found. */
const GRAM = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}\u30fc\uff70\uff9e\uff9f`;
const IS_GRAM = new RegExp(`^[${GRAM}]`, 'u');
/** Everything but `+` and `#` behind one or two letters, which names such as C++, C# and F# need. */
const PIECE = new RegExp(
  String.raw`[${GRAM}]+|(?:(?![${GRAM}])[\p{L}\p{N}\p{M}])+|\p{Extended_Pictographic}`,
  'gu',
);
/** A mention stands in the text as `<@user id>`: it is found by `mentions:`, not by pieces of the id. */
const MENTION = /<@[0-9a-f-]{36}>/g;

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
    const named = end - i <= 2 ? suffixOf(lower, i, end) : '';
    if (named)
      tokens.push({ text: lower.slice(i, end) + named, at, from: i, to: end + named.length, gram: false });
    i = end;
  }
  return tokens;
};

const isWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** `++` or `#` after `c`, at the place of the word: both are found. */
const suffixOf = (text: string, from: number, end: number): string => {
  const first = text.charCodeAt(from);
  if (first < 97 || first > 122) return '';
  if (text.startsWith('++', end)) return '++';
  return text[end] === '#' ? '#' : '';
};

const anyTokens = (text: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(PIECE)) {
    const [piece] = match;
    const from = match.index;
    const to = from + piece.length;
    if (IS_GRAM.test(piece)) {
      at = pushGrams(tokens, piece, from, at);
      continue;
    }
    const folded = fold(piece);
    // Folding may take one piece apart (½ = 1⁄2, ㎏ = kg), and not all of it may be a word.
    for (const [part] of folded.matchAll(PIECE)) {
      if (IS_GRAM.test(part)) {
        at = pushGrams(tokens, part, from, at, to);
      } else {
        at++;
        tokens.push({ text: part.slice(0, MAX_TOKEN).toWellFormed(), at, from, to, gram: false });
      }
    }
    const named = piece.length <= 2 ? suffixOf(folded + text.slice(to, to + 2), 0, folded.length) : '';
    if (named) tokens.push({ text: folded + named, at, from, to: to + named.length, gram: false });
  }
  return tokens;
};

/** 人工智能 → 人工 工智 智能 能. The last alone, so that one character finds it too, by what begins with it. */
const pushGrams = (tokens: Token[], run: string, from: number, before: number, whole?: number): number => {
  let at = before;
  const folded = fold(run);
  const characters = [...folded];
  // Where folding has changed the number of characters, all of the run is marked.
  const exact = whole === undefined && folded.length === run.length;
  const end = whole ?? from + run.length;
  let offset = from;
  for (const [i, character] of characters.entries()) {
    const next = characters[i + 1] ?? '';
    const start = exact ? offset : from;
    const to = exact ? offset + character.length + next.length : end;
    tokens.push({ text: character + next, at: ++at, from: start, to, gram: true });
    offset += character.length;
  }
  return at;
};
