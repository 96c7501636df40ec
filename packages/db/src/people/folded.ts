import { foldName } from '@lockstep/protocol';

/** `%`, `_` and `\\` of a query are matched literally. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The joiner inside emoji is not in the columns folded by the database (`fold_text`). */
const JOINERS = /[\u200d\u20e3\u{e0020}-\u{e007f}]|\p{EMod}/gu;

/** Typed text in the form of a folded column. */
export const foldedQuery = (query: string): string => foldName(query).replace(JOINERS, '');

/**
 * Rank of a match of `exact` (a parameter) in a folded column: 0 whole, 1 at its beginning, 2 at the beginning of a
 * word, 3 elsewhere.
 */
export const gradeOf = (column: string, exact: string, like: string): string =>
  `case when ${column} = ${exact} then 0 when ${column} like ${like} || '%' then 1
   when ${wordsOf(column)} like '% ' || ${like} || '%' then 2 else 3 end`;

/** Hyphens part words, too. */
export const wordsOf = (column: string): string => `translate(${column}, '-', ' ')`;
