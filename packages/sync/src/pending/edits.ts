/**
 * How many times each tab has written that is known here, by the id of the tab: a version vector. Of two states of one
 * text the one that includes all edits of the other is the later; where neither does, they were made without knowing
 * of one another. No clock has a part in it: clocks go back, and no two of them agree.
 */
export type Edits = Readonly<Record<string, number>>;

/** Tabs remembered, the last that wrote. One that is forgotten can at worst make a text stand twice. */
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
