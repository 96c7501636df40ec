import type { SavedSearch } from '@lockstep/protocol';
import type { Engine, SearchChange } from '@lockstep/sync';

/** Where an earlier version kept what is remembered of searches. */
const KEY = 'lockstep.searches';

interface Kept {
  userId: string;
  searches: readonly SavedSearch[];
  /** Changes that were not sent. */
  pending: readonly (SearchChange & { id?: unknown; at?: unknown })[];
}

/** Hands it over to the engine, once: nothing that was remembered is lost with the update. */
export const adoptOldSearches = async (engine: Engine): Promise<void> => {
  const kept = read();
  if (kept?.userId !== engine.getState().me.userId) return;
  engine.applySearches(kept.searches);
  for (const { id: _, at: __, ...change } of kept.pending) engine.changeSearches(change as SearchChange);
  await engine.flush();
  localStorage.removeItem(KEY);
};

const read = (): Kept | null => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
    return Array.isArray(kept?.searches) && Array.isArray(kept.pending) ? kept : null;
  } catch {
    return null; // storage is forbidden, or the text is not ours
  }
};
