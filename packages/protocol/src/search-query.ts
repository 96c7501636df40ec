// The words of the language of searches; search-schema.ts has the query that is made of them.

export const DATE_OPS = ['before', 'after', 'on', 'during'] as const;
export type DateOp = (typeof DATE_OPS)[number];
/** Files, images and reactions do not exist yet; the language is prepared for them. */
export const SEARCH_HAS = ['link', 'code', 'mention', 'edit', 'file', 'image', 'reaction'] as const;
export type SearchHas = (typeof SEARCH_HAS)[number];
export const SEARCH_IS = ['unread', 'direct'] as const;
export type SearchIs = (typeof SEARCH_IS)[number];
export const SEARCH_SORTS = ['newest', 'best'] as const;
export type SearchSort = (typeof SEARCH_SORTS)[number];
export const SEARCH_FILTERS = ['from', 'to', 'mentions', 'in', ...DATE_OPS, 'has', 'is', 'sort'] as const;
export type SearchFilter = (typeof SEARCH_FILTERS)[number];

/**
 * Problems of a query: each is explained, and the rest of the query still runs. Like ERROR_CODES they are for
 * programs; people read the translation.
 */
export const SEARCH_PROBLEMS = [
  /** A quote that is never closed: taken to the end. */
  'unclosed_quote',
  /** `form:@ann`: taken as words; `suggestion` is the filter that was probably meant. */
  'unknown_filter',
  /** `from:` with nothing after it: left out. */
  'empty_filter',
  /** `has:`, `is:` or `sort:` with something they do not know: left out. */
  'unknown_value',
  /** Not a date: left out. */
  'bad_date',
  /** Nothing in it that can be searched, such as `!!!`: left out. */
  'no_letters',
  /** Longer than LIMITS.searchText, or of more parts than LIMITS.searchClauses: what is over is left out. */
  'too_long',
  /** Nobody of that name: nothing can be found. */
  'unknown_person',
  /** No conversation of that name that the person is in: nothing can be found. */
  'unknown_conversation',
  /** A name that more people, or conversations, have than one search looks at: only some of them were looked at. */
  'too_many',
  /** No message can have it yet: nothing can be found. */
  'not_yet',
] as const;
export type SearchProblemCode = (typeof SEARCH_PROBLEMS)[number];
