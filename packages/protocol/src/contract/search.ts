import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { LIMITS } from '../limits.ts';
import { savedSearch } from '../saved-search.ts';
import { searchCount, searchFacets, searchPage } from '../search.ts';
import { line } from '../text.ts';
import { mutation, query } from './define.ts';
import { searchLimit } from './fields.ts';

const asked = {
  /** Longer texts are cut and explained, not refused; this bounds only the request. */
  text: bounded(z.string().max(4_000)),
  /** The last word is still being typed: it also finds longer words that begin with it. */
  typing: z.boolean().default(false),
  /** IANA name: what `today` means. */
  timeZone: bounded(z.string().max(64)).default('UTC'),
};

/** In what one is a member of (rule 10). Searching costs more than reading, and people type fast. */
export const search = {
  messages: query({
    access: 'signed-in',
    cost: 'search',
    input: z.strictObject({
      ...asked,
      /** `next` of the page before, with the same text. */
      cursor: bounded(z.string().max(300)).optional(),
      limit: searchLimit,
      /** With the first page: the facets of the same answer, without another call. */
      facets: z.boolean().default(false),
    }),
    output: searchPage,
  }),
  facets: query({
    access: 'signed-in',
    cost: 'search',
    input: z.strictObject(asked),
    output: searchFacets,
  }),
  count: query({
    access: 'signed-in',
    cost: 'search',
    input: z.strictObject(asked),
    output: searchCount,
  }),
};

const text = line(LIMITS.searchText);
const all = z.array(savedSearch);

/** One's own recent and saved searches; each change returns all of them. */
export const searches = {
  list: query({ access: 'signed-in', output: all }),
  /** Adds a search to the recent ones. */
  note: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ text }),
    output: all,
  }),
  /** Without a text: all recent ones. */
  forget: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ text: text.optional() }),
    output: all,
  }),
  /** Also gives a saved one another name; null: none. */
  save: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ text, name: line(LIMITS.searchName).nullable().default(null) }),
    output: all,
  }),
  unsave: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ text }),
    output: all,
  }),
};
