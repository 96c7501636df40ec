import { z } from 'zod';
import type { Millis } from './ids.ts';
import { LIMITS } from './limits.ts';
import { line } from './text.ts';

const text = line(LIMITS.searchText);

/** It was used: the newest of the recent ones now. */
export const noteSearch = z.strictObject({ text });
/** Without a text: all recent ones. */
export const forgetSearch = z.strictObject({ text: text.optional() });
/** Also gives a saved one another name; null: none. */
export const saveSearch = z.strictObject({ text, name: line(LIMITS.searchName).nullable().default(null) });
export const unsaveSearch = z.strictObject({ text });

/** A search that a person has made before (`usedAt`), keeps (`savedAt`), or both. */
export interface SavedSearch {
  /** The query, as it is typed. */
  text: string;
  name: string | null;
  usedAt: Millis | null;
  savedAt: Millis | null;
}
