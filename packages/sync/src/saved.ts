import { mergeEntry } from './entries.ts';
import type { SavedEntry } from './mirror.ts';
import { inBulk, type Model } from './model.ts';
import { withPeople } from './people.ts';
import type { SavedState } from './store/port.ts';

/** The model with what the disk knew of the server. Where the server has answered before the disk, it stays as it is. */
export const withSaved = (model: Model, saved: SavedState): Model => {
  const loaded = { ...withPeople(model, saved.people), loaded: true };
  if (model.caughtUp || saved.pos < model.pos) return loaded;
  const entries = saved.entries as SavedEntry[];
  const next = inBulk(loaded, (open) =>
    entries.reduce((held, { owed: _, ...entry }) => mergeEntry(held, entry).model, open),
  );
  const owed = entries.filter((entry) => entry.owed).map((entry) => entry.conversation.id);
  return { ...next, pos: saved.pos, owed: new Set([...next.owed, ...owed]) };
};
