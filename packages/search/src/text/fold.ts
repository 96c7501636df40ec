/** Marks that are no letters of their own: accents, Hebrew points, Arabic vowels. Vowel signs of other scripts stay. */
const MARKS = new RegExp(
  [
    ...[
      String.raw`[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]`,
      String.raw`[\ufe00-\ufe0f]`,
    ],
    String.raw`[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]`,
    String.raw`[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]`,
  ].join('|'),
  'g',
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ASCII = /^[\x00-\x7f]*$/;

export const isAscii = (text: string): boolean => ASCII.test(text);

/**
 * What differs only in case, accents, width or ligatures becomes the same: Café = cafe, ＱＷＥＮ = qwen, ﬁ = fi,
 * Straße = strasse. Composed again at the end, so that Korean syllables and Japanese dakuten stay what they are.
 * Folding twice is folding once.
 */
export const fold = (text: string): string => {
  if (isAscii(text)) return text.toLowerCase();
  return (
    text
      .toLowerCase()
      .normalize('NFKD')
      .replace(MARKS, '')
      // Once more: some letters are in lower case only after they were taken apart.
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ')
      .replace(MARKS, '')
      .normalize('NFC')
  );
};
