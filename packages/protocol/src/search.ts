import { z } from 'zod';
import { bounded } from './bounded.ts';
import type { Millis } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import type { Person } from './person.ts';
import type { SearchProblem, SearchQuery } from './search-query.ts';

/** Longer texts are cut and explained, not refused; this is only what one request may carry. */
const text = bounded(z.string().max(4_000));
const timeZone = bounded(z.string().max(64)).default('UTC');
/** The last word is still being typed: it also finds longer words that begin with it. */
const typing = z.boolean().default(false);

export const searchMessages = z.strictObject({
  text,
  typing,
  /** IANA name: what `today` means. */
  timeZone,
  /** `next` of the page before, with the same text. */
  cursor: bounded(z.string().max(300)).optional(),
  limit: z.int().min(1).max(LIMITS.searchPage).default(20),
  /** With the first page: the facets of the same answer, without another call. */
  facets: z.boolean().default(false),
});
export const searchFacets = z.strictObject({ text, typing, timeZone });
export const countSearch = searchFacets;

/** A message that was found; its text as it is now (rule 10: looked up through membership). */
export interface SearchHit {
  message: Message;
  /** What to mark in the text, in UTF-16 units, end exclusive, ascending, not overlapping. */
  marks: [from: number, to: number][];
}

/** Rule 11: how far the index reaches for this person. What is after it was searched directly. */
export interface SearchReach {
  /** Everything that happened before this moment is in the index. */
  upTo: Millis;
  /** Changes that are not in the index yet, counted to SEARCH_TAIL at most. */
  behind: number;
  /**
   * False when older messages may be missing: the index is away, or more than SEARCH_TAIL changes wait, such as in the
   * first minutes after an import, and the time for searching the store itself was over.
   */
  complete: boolean;
  /** The index could not be asked: away, too slow, or wiped. The store itself was searched, newest first. */
  away: boolean;
  /** The search was cut short, as it took longer than one may: what was looked at until then is the answer. */
  cut: boolean;
}

/** Changes after the index that one search reads directly at most. */
export const SEARCH_TAIL = 5_000;

export interface SearchPage {
  hits: SearchHit[];
  /** Who wrote the hits, and whom they mention. */
  people: Person[];
  /** Null after the last. */
  next: string | null;
  /** As it was understood: what is typed, without what was left out. */
  query: SearchQuery;
  problems: SearchProblem[];
  /** Nothing had the words as they are typed, so those that differ by a slip or two count as well. */
  forgiven: boolean;
  reach: SearchReach;
  /** When asked for, with the first page. */
  facets: SearchFacets | null;
}

/** Counts of what the person may see, and of nothing else (rule 10). */
export interface SearchFacets {
  total: SearchCount;
  /** The most frequent ones, at most SEARCH_FACETS. */
  people: { userId: string; count: number }[];
  conversations: { conversationId: string; count: number }[];
  /** `2008-10`, in the time zone of who asks, ascending, those with none left out. */
  months: { month: string; count: number }[];
  /** Those of `people`. */
  persons: Person[];
}

export interface SearchCount {
  count: number;
  /** There are more: only the newest were counted. */
  capped: boolean;
}

export const SEARCH_FACETS = 20;
