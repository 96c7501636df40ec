const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT =
  /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Samr}\p{sc=Mand}\p{sc=Adlm}\p{sc=Rohg}]/u;

/**
 * The direction of a text by its first letter, as `dir="auto"` has it; undefined without a letter. For what holds blocks
 * with directions of their own, which "auto" passes over: quotes, tables.
 */
export const directionOf = (text: string): 'rtl' | 'ltr' | undefined => {
  const letter = LETTER.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
};
