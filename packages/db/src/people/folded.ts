import { foldName } from '@lockstep/protocol';

/** `%`, `_` and `\\` of a query stand for themselves. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** What joins the parts of an emoji is not in the columns that the database folds (`fold_text`). */
const JOINERS = /[\u200d\u20e3\u{e0020}-\u{e007f}]|\p{EMod}/gu;

/** What a person types of a name or a title, as it stands in a folded column. */
export const foldedQuery = (query: string): string => foldName(query).replace(JOINERS, '');

/** How well a folded column has `exact` (a parameter) in it: 0 whole, 1 at its beginning, 2 where a word begins, 3 elsewhere. */
export const gradeOf = (column: string, exact: string, like: string): string =>
  `case when ${column} = ${exact} then 0 when ${column} like ${like} || '%' then 1
   when ${wordsOf(column)} like '% ' || ${like} || '%' then 2 else 3 end`;

/** Hyphens part words, too. */
export const wordsOf = (column: string): string => `translate(${column}, '-', ' ')`;
