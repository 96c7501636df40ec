import * as store from '@lockstep/db';
import type { SavedSearch } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

// What is remembered of a person's searches: each change is told to their other devices, and answers with all of them.

/** It was used: the newest of the recent ones now, of which LIMITS.recentSearches are kept. */
export const noteSearch = (
  actor: Actor,
  core: Core,
  { text }: Parsed<'searches.note'>,
): Promise<SavedSearch[]> => told(actor, core, store.noteSearch(core.db, actor.userId, text));

/** Off the recent ones; without a text, all of them. What is saved stays so. */
export const forgetSearch = (
  actor: Actor,
  core: Core,
  { text }: Parsed<'searches.forget'>,
): Promise<SavedSearch[]> => told(actor, core, store.forgetSearch(core.db, actor.userId, text ?? null));

/** Keeps a search, or gives it another name. Errors: `limit_reached` with LIMITS.savedSearches of them. */
export const saveSearch = (
  actor: Actor,
  core: Core,
  { text, name }: Parsed<'searches.save'>,
): Promise<SavedSearch[]> => told(actor, core, store.saveSearch(core.db, actor.userId, text, name));

export const unsaveSearch = (
  actor: Actor,
  core: Core,
  { text }: Parsed<'searches.unsave'>,
): Promise<SavedSearch[]> => told(actor, core, store.unsaveSearch(core.db, actor.userId, text));

const told = async (
  { userId }: Actor,
  core: Core,
  change: Promise<SavedSearch[]>,
): Promise<SavedSearch[]> => {
  const searches = await change;
  core.publish.searches(userId);
  return searches;
};
