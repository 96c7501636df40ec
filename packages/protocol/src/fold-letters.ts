/**
 * What Unicode's own compatibility forms (NFKD) leave whole, in lower case, and what is typed for it on a keyboard that
 * does not have it. For Latin after CLDR's Latin-ASCII; for Arabic after the usual normalisation of Arabic and Persian
 * (https://unicode.org/reports/tr35/tr35-transforms.html, Lucene's ArabicNormalizer and PersianNormalizer).
 */
const ONE_TO_ONE: Record<string, string> = {
  a: 'ⱥ',
  b: 'ƀɓƃ',
  c: 'ƈȼ',
  d: 'đðɗɖƌ',
  e: 'ɇəǝɛ',
  f: 'ƒ',
  g: 'ǥɠ',
  h: 'ħɦ',
  i: 'ıɨɩᵻ',
  j: 'ɉȷ',
  k: 'ƙ',
  l: 'łƚɫɬⱡŀ',
  n: 'ŋɲƞ',
  o: 'øɔɵ',
  p: 'ƥᵽ',
  q: 'ĸ',
  r: 'ɍɽ',
  s: 'ʂȿ',
  t: 'ŧƭʈƫⱦ',
  u: 'ʉᵾʊ',
  v: 'ʋ',
  y: 'ƴɏ',
  z: 'ƶȥʐ',
  σ: 'ς',
  // Alef, heh, keheh and Farsi yeh, each for what is written alike or typed in its place.
  '\u0627': '\u0671',
  '\u0647': '\u0629\u06c1\u06be\u06c3\u06d5',
  '\u06a9': '\u0643',
  '\u06cc': '\u064a\u0649',
  // Apostrophes, and letters that look like one.
  "'": '\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u2032\u00b4\ua78c\ua78b',
  '-': '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\u301c\u30a0\u058a\u05be',
};

/** By the letter as it is written. */
export const LETTERS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ONE_TO_ONE).flatMap(([to, from]) => [...from].map((one) => [one, to] as const)),
  ...([
    ['ß', 'ss'],
    ['æ', 'ae'],
    ['œ', 'oe'],
    ['þ', 'th'],
    ['ȣ', 'ou'],
    ['ƕ', 'hv'],
  ] as const),
]);
