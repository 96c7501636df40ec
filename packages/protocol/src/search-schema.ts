import { z } from 'zod';
import { DATE_OPS, SEARCH_HAS, SEARCH_IS, SEARCH_PROBLEMS, SEARCH_SORTS } from './search-query.ts';

/**
 * `me`, `<@user id>` as the interface writes it, or a name as people write it. `quoted`: it stood in quotes that it does
 * not need, and does not go on with the words behind it.
 */
export const searchPerson = z.union([
  z.strictObject({ me: z.literal(true) }),
  z.strictObject({ id: z.string() }),
  z.strictObject({ name: z.string(), quoted: z.literal(true).optional() }),
]);
export type SearchPerson = z.infer<typeof searchPerson>;

/** `<#conversation id>`, `#title`, or the direct conversation with `@someone`. */
export const searchConversation = z.union([
  z.strictObject({ id: z.string() }),
  z.strictObject({ title: z.string(), quoted: z.literal(true).optional() }),
  z.strictObject({ person: searchPerson }),
]);
export type SearchConversation = z.infer<typeof searchConversation>;

export const wordClause = z.strictObject({
  kind: z.literal('word'),
  text: z.string(),
  /** Also longer words that begin with it: `word*`, or the last word while it is being typed. */
  prefix: z.boolean(),
});
export type WordClause = z.infer<typeof wordClause>;

export const phraseClause = z.strictObject({
  kind: z.literal('phrase'),
  text: z.string(),
  /** Its last word may go on: `"no sou*"`, or the quote is still open while it is typed. */
  prefix: z.literal(true).optional(),
});
export type PhraseClause = z.infer<typeof phraseClause>;

/** `-` stood before it. */
const not = z.boolean();

export const searchClause = z.discriminatedUnion('kind', [
  wordClause.extend({ not }),
  phraseClause.extend({ not }),
  z.strictObject({ kind: z.enum(['from', 'to', 'mentions']), who: searchPerson, not }),
  z.strictObject({ kind: z.literal('in'), where: searchConversation, not }),
  z.strictObject({ kind: z.literal('date'), op: z.enum(DATE_OPS), when: z.string(), not }),
  z.strictObject({ kind: z.literal('has'), what: z.enum(SEARCH_HAS), not }),
  z.strictObject({ kind: z.literal('is'), what: z.enum(SEARCH_IS), not }),
]);
export type SearchClause = z.infer<typeof searchClause>;

/** What a search asks for, as parseSearch reads it from the text that a person typed and formatSearch writes it. */
export const searchQuery = z.strictObject({
  /** In the order typed. All must hold; several `from`, `to`, `mentions` or `in` (not negated) are alternatives. */
  clauses: z.array(searchClause),
  /** Null where the text does not say: the caller's choice. */
  sort: z.enum(SEARCH_SORTS).nullable(),
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const searchProblem = z.strictObject({
  code: z.enum(SEARCH_PROBLEMS),
  /** Where it stands in the text, in UTF-16 units, end exclusive. */
  from: z.int().min(0),
  to: z.int().min(0),
  /** That part of the text. */
  text: z.string(),
  /** What to put in its place; null where nothing is near. */
  suggestion: z.string().nullable(),
});
export type SearchProblem = z.infer<typeof searchProblem>;

/** Never sent: both sides read a text for themselves. */
export interface ParsedSearch {
  query: SearchQuery;
  /** Where each clause stands in the text, in UTF-16 units, end exclusive: for chips. */
  spans: [from: number, to: number][];
  problems: SearchProblem[];
}
