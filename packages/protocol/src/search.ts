import { z } from 'zod';
import { id, millis } from './ids.ts';
import { message } from './message.ts';
import { person } from './person.ts';
import { searchProblem, searchQuery } from './search-schema.ts';

/** What to mark in a text, in UTF-16 units, end exclusive, ascending, not overlapping. */
export const marks = z.array(z.tuple([z.int().min(0), z.int().min(0)]));

/** A message that was found; its text as it is now (rule 10: looked up through membership). */
export const searchHit = z.strictObject({ message, marks });
export type SearchHit = z.infer<typeof searchHit>;

/** Rule 11: how far the index reaches for this person. What is after it was searched directly. */
export const searchReach = z.strictObject({
  /** Everything that happened before this moment is in the index. */
  upTo: millis,
  /** Changes that are not in the index yet, counted to SEARCH_TAIL at most. */
  behind: z.int().min(0),
  /**
   * False if older messages may be missing: the index is unavailable, or more than SEARCH_TAIL changes wait (for
   * example after an import), and the time for searching the store itself ran out.
   */
  complete: z.boolean(),
  /** The index was not available, too slow or wiped. The store itself was searched, newest first. */
  away: z.boolean(),
  /** The search reached its time limit: the answer covers what was searched until then. */
  cut: z.boolean(),
});
export type SearchReach = z.infer<typeof searchReach>;

export const searchCount = z.strictObject({
  count: z.int().min(0),
  /** There are more: only the newest were counted. */
  capped: z.boolean(),
});
export type SearchCount = z.infer<typeof searchCount>;

/** Counts of what the person may see only (rule 10). */
export const searchFacets = z.strictObject({
  total: searchCount,
  /** The most frequent ones, at most SEARCH_FACETS. */
  people: z.array(z.strictObject({ userId: id, count: z.int().min(0) })),
  conversations: z.array(z.strictObject({ conversationId: id, count: z.int().min(0) })),
  /** `2008-10`, in the time zone of who asks, ascending, those with none left out. */
  months: z.array(z.strictObject({ month: z.string(), count: z.int().min(0) })),
  /** Those of `people`. */
  persons: z.array(person),
});
export type SearchFacets = z.infer<typeof searchFacets>;

export const searchPage = z.strictObject({
  hits: z.array(searchHit),
  /** Who wrote the hits, and whom they mention. */
  people: z.array(person),
  /** Null after the last. */
  next: z.string().nullable(),
  /** The query as understood, without the parts left out. */
  query: searchQuery,
  problems: z.array(searchProblem),
  /** Nothing matched the words as typed, so words with one or two typos were included. */
  forgiven: z.boolean(),
  reach: searchReach,
  /** When asked for, with the first page. */
  facets: searchFacets.nullable(),
});
export type SearchPage = z.infer<typeof searchPage>;
