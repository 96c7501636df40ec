import { savedSearches } from '@lockstep/db';
import type { SavedSearch, SearchCount, SearchFacets, SearchPage } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

// A person searches what they are a member of (rule 10), and is never refused for what they typed: it is explained.

/** Errors: none of its own. A cursor that is none starts at the newest. */
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

/** Admins of the workspace too: message history is another door, with a reason and an audit. */
const own = ({ userId }: Actor) => ({ userId, everything: false });
const at = ({ budget }: Core) => ({ now: Date.now(), budget });

/** What the actor has searched for lately, and what they keep. */
export const listSearches = (actor: Actor, core: Core): Promise<SavedSearch[]> =>
  savedSearches(core.db, actor.userId);
