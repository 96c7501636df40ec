import { mergeEntry } from './entries.ts';
import type { SavedEntry } from './mirror.ts';
import { inBulk, type Model } from './model.ts';
import { withSearches } from './pending/search.ts';
import { withPeople } from './people.ts';
import type { SavedState } from './store/port.ts';

/** The model with the stored data. If the server has answered before the disk, the model stays as it is. */
export const withSaved = (model: Model, saved: SavedState): Model => {
  const known = model.knownSearches.length > 0 ? model : withSearches(model, saved.searches);
  const { generation = saved.generation } = model;
  // The server was restored since, and has answered before the disk.
  if (generation !== saved.generation) return { ...known, loaded: true };
  const people = { ...withPeople(known, saved.people), peopleRev: cursorOf(model, saved) };
  const loaded = { ...people, generation, loaded: true };
  if (model.caughtUp || saved.pos < model.pos) return loaded;
  const entries = saved.entries as SavedEntry[];
  const next = inBulk(loaded, (open) =>
    entries.reduce((held, { stale: _, ...entry }) => mergeEntry(held, entry).model, open),
  );
  const stale = entries.filter((entry) => entry.stale).map((entry) => entry.conversation.id);
  return { ...next, pos: saved.pos, staleEntries: new Set([...next.staleEntries, ...stale]) };
};

/** People from the disk are known as of the stored cursor, even if the server has answered before the disk. */
const cursorOf = (model: Model, { people, peopleRev }: SavedState): number | null => {
  if (people.length === 0) return model.peopleRev ?? peopleRev;
  return model.peopleRev === null ? (peopleRev ?? 0) : Math.min(model.peopleRev, peopleRev ?? 0);
};
