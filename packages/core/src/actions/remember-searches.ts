import * as store from '@lockstep/db';
import type { SavedSearch } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

// Recent and saved searches of a person: each change is pushed to their other devices and returns all of them.

/** Adds a search to the recent ones, of which LIMITS.recentSearches are kept. */
export const noteSearch = (
  actor: Actor,
  core: Core,
  { text }: Parsed<'searches.note'>,
): Promise<SavedSearch[]> => withPublish(actor, core, store.noteSearch(core.db, actor.userId, text));

/** Removes one recent search, or all without a text. Saved searches stay. */
export const forgetSearch = (
  actor: Actor,
  core: Core,
  { text }: Parsed<'searches.forget'>,
): Promise<SavedSearch[]> =>
  withPublish(actor, core, store.forgetSearch(core.db, actor.userId, text ?? null));

/** Saves a search, or renames it. Errors: `limit_reached` with LIMITS.savedSearches of them. */
export const saveSearch = (
  actor: Actor,
  core: Core,
  { text, name }: Parsed<'searches.save'>,
): Promise<SavedSearch[]> => withPublish(actor, core, store.saveSearch(core.db, actor.userId, text, name));

export const unsaveSearch = (
  actor: Actor,
  core: Core,
  { text }: Parsed<'searches.unsave'>,
): Promise<SavedSearch[]> => withPublish(actor, core, store.unsaveSearch(core.db, actor.userId, text));

const withPublish = async (
  { userId }: Actor,
  core: Core,
  change: Promise<SavedSearch[]>,
): Promise<SavedSearch[]> => {
  const searches = await change;
  core.publish.searches(userId);
  return searches;
};
