/** What a search asks for, as parseSearch reads it from the text that a person typed and formatSearch writes it. */
export interface SearchQuery {
  /** In the order typed. All must hold; several `from`, `to`, `mentions` or `in` (not negated) are alternatives. */
  clauses: SearchClause[];
  /** Null where the text does not say: the caller's choice. */
  sort: SearchSort | null;
}

export type SearchSort = 'newest' | 'best';

export type SearchClause = (
  | WordClause
  | PhraseClause
  | { kind: 'from' | 'to' | 'mentions'; who: SearchPerson }
  | { kind: 'in'; where: SearchPlace }
  | { kind: 'date'; op: DateOp; when: string }
  | { kind: 'has'; what: SearchHas }
  | { kind: 'is'; what: SearchIs }
) & {
  /** `-` stood before it. */
  not: boolean;
};

export interface PhraseClause {
  kind: 'phrase';
  text: string;
  /** Its last word may go on: `"no sou*"`, or the quote is still open while it is typed. */
  prefix?: true;
}

export interface WordClause {
  kind: 'word';
  text: string;
  /** Also longer words that begin with it: `word*`, or the last word while it is being typed. */
  prefix: boolean;
}

/**
 * `me`, `<@user id>` as the interface writes it, or a name as people write it. `quoted`: it stood in quotes that it does
 * not need, and does not go on with the words behind it.
 */
export type SearchPerson = { me: true } | { id: string } | { name: string; quoted?: true };
/** `<#conversation id>`, `#title`, or the direct conversation with `@someone`. */
export type SearchPlace = { id: string } | { title: string; quoted?: true } | { person: SearchPerson };

export const DATE_OPS = ['before', 'after', 'on', 'during'] as const;
export type DateOp = (typeof DATE_OPS)[number];
/** Nothing has a file, an image or a reaction yet; the language is ready for them. */
export const SEARCH_HAS = ['link', 'code', 'mention', 'edit', 'file', 'image', 'reaction'] as const;
export type SearchHas = (typeof SEARCH_HAS)[number];
export const SEARCH_IS = ['unread', 'direct'] as const;
export type SearchIs = (typeof SEARCH_IS)[number];
export const SEARCH_SORTS: readonly SearchSort[] = ['newest', 'best'];
export const SEARCH_FILTERS = ['from', 'to', 'mentions', 'in', ...DATE_OPS, 'has', 'is', 'sort'] as const;
export type SearchFilter = (typeof SEARCH_FILTERS)[number];

/**
 * What is wrong with a query, or surprising about it: it is explained, and the rest of the query still runs. Like
 * ERROR_CODES, for programs: people read the translation.
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

export interface SearchProblem {
  code: SearchProblemCode;
  /** Where it stands in the text, in UTF-16 units, end exclusive. */
  from: number;
  to: number;
  /** That part of the text. */
  text: string;
  /** What to put in its place; null where nothing is near. */
  suggestion: string | null;
}

export interface ParsedSearch {
  query: SearchQuery;
  /** Where each clause stands in the text, in UTF-16 units, end exclusive: for chips. */
  spans: [from: number, to: number][];
  problems: SearchProblem[];
}
