import { savedSearches } from '@lockstep/db';
import type { SavedSearch, SearchCount, SearchFacets, SearchPage } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

// People search the conversations they are members of (rule 10). A faulty query is never refused but explained.

/** No errors of its own. An invalid cursor starts at the newest. */
export const searchMessages = (
  actor: Actor,
  core: Core,
  { cursor, ...input }: Parsed<'search.messages'>,
): Promise<SearchPage> => core.search.page(own(actor), { ...input, ...at(core), cursor: cursor ?? null });

export const searchFacets = (
  actor: Actor,
  core: Core,
  input: Parsed<'search.facets'>,
): Promise<SearchFacets> => core.search.facets(own(actor), { ...input, ...at(core) });

export const countSearch = (actor: Actor, core: Core, input: Parsed<'search.count'>): Promise<SearchCount> =>
  core.search.count(own(actor), { ...input, ...at(core) });

/** The same for admins; only message history, with a reason and an audit row, searches everything. */
const own = ({ userId }: Actor) => ({ userId, everything: false });
const at = ({ budget }: Core) => ({ now: Date.now(), budget });

/** The actor's recent and saved searches. */
export const listSearches = (actor: Actor, core: Core): Promise<SavedSearch[]> =>
  savedSearches(core.db, actor.userId);
