/**
 * A version vector: how many edits of each tab are known here, by tab id. Of two states of a text, the one that
 * includes all edits of the other is later; if neither does, they are concurrent. Clocks are not used, because they
 * can be set back and never agree.
 */
export type Edits = Readonly<Record<string, number>>;

/** How many tabs are remembered, the last writers. Forgetting one can at worst duplicate a text. */
const TABS_MAX = 50;

const bounded = (edits: Edits): Edits => {
  const entries = Object.entries(edits);
  return entries.length > TABS_MAX ? Object.fromEntries(entries.slice(-TABS_MAX)) : edits;
};

/** With the `n`th edit of this tab. */
export const edited = (edits: Edits, tab: string, n: number): Edits => {
  const { [tab]: _, ...others } = edits;
  return bounded({ ...others, [tab]: n });
};

export const includesAll = (edits: Edits, others: Edits): boolean =>
  Object.entries(others).every(([tab, n]) => (edits[tab] ?? 0) >= n);

export const unionVersions = (a: Edits, b: Edits): Edits => {
  const all: Record<string, number> = { ...a };
  for (const [tab, n] of Object.entries(b)) all[tab] = Math.max(all[tab] ?? 0, n);
  return bounded(all);
};
