/** Scripts that put no spaces between words, so that a formatting may begin and end inside of a run of letters. */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}`;
const UNSPACED_LETTER = new RegExp(String.raw`^(?=[\p{L}\p{N}\p{M}])[${UNSPACED}]`, 'u');
/** Signs of Chinese, Japanese and Korean texts, full-width ones, and the curly quotes and dots they use. */
const CJK_SIGN =
  /^(?:[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201f\u2026\u00b7\u30fb]|(?=[^\p{L}\p{N}\p{M}])\p{scx=Han})/u;
const PICTURE =
  /^(?:[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]|\ufe0f|\u200d|\u20e3)/u;
const DASH = /^[\u2013-\u2015]/;
const OPENING = /^[\p{Ps}\p{Pi}"']/u;
const CLOSING = /^[\p{Pe}\p{Pf}"']/u;

/**
 * What a character is to the sign beside it: `free` where a formatting may begin behind it (for `before`) or end in front
 * of it (for `after`), `unspaced` a letter of a script without spaces, `closed` everything else.
 */
export type Side = 'free' | 'unspaced' | 'closed';

export const isUnspaced = (character: string): boolean => UNSPACED_LETTER.test(character);
export const isCjkSign = (character: string): boolean => CJK_SIGN.test(character);
export const isClosing = (character: string): boolean => CLOSING.test(character);
export const isOpening = (character: string): boolean => OPENING.test(character);

/** The whole character that ends at an offset; '' at the beginning. */
export const characterBefore = (text: string, at: number): string => {
  if (at <= 0) return '';
  const low = text.charCodeAt(at - 1);
  const from = low >= 0xdc00 && low <= 0xdfff && at > 1 ? at - 2 : at - 1;
  return text.slice(from, at);
};

/** The whole character that begins at an offset; '' at the end. */
export const characterAfter = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

const isFree = (character: string): boolean =>
  character === '' ||
  /^\s/.test(character) ||
  CJK_SIGN.test(character) ||
  PICTURE.test(character) ||
  DASH.test(character);

const MENTION_LENGTH = 39;
const isMentionAt = (text: string, at: number): boolean =>
  text.startsWith('<@', at) && /^<@[0-9a-f-]{36}>$/.test(text.slice(at, at + MENTION_LENGTH));

/** Whether a formatting may begin at this offset, as far as it goes by what stands before it. */
export const sideBefore = (text: string, at: number): Side => {
  const character = characterBefore(text, at);
  if (isFree(character) || OPENING.test(character)) return 'free';
  if (UNSPACED_LETTER.test(character)) return 'unspaced';
  if (character === '>' && isMentionAt(text, at - MENTION_LENGTH)) return 'free';
  // Chinese is often written with the signs of a Latin keyboard, and no space behind them.
  if (/[,.;:!?]/.test(character) && UNSPACED_LETTER.test(characterBefore(text, at - 1))) return 'free';
  return 'closed';
};

/** Signs that end a sentence and may follow each other: `?!`, `...`. */
const ENDING = /[,.;:!?]/;
const MAX_ENDING = 6;

/** Whether a formatting may end at this offset, as far as it goes by what stands behind it. */
export const sideAfter = (text: string, at: number): Side => {
  const character = characterAfter(text, at);
  if (isFree(character) || CLOSING.test(character)) return 'free';
  if (UNSPACED_LETTER.test(character)) return 'unspaced';
  if (character === '<' && isMentionAt(text, at)) return 'free';
  if (!ENDING.test(character)) return 'closed';
  // `**done**.` ends there; `__init__.py` does not.
  let end = at;
  while (end < at + MAX_ENDING && ENDING.test(text.charAt(end))) end++;
  const next = characterAfter(text, end);
  return isFree(next) || CLOSING.test(next) || UNSPACED_LETTER.test(next) || /[*_~]/.test(next)
    ? 'free'
    : 'closed';
};
