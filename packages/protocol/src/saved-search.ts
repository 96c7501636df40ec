import { z } from 'zod';
import { millis } from './ids.ts';

/** A search that a person has made before (`usedAt`), keeps (`savedAt`), or both. */
export const savedSearch = z.strictObject({
  /** The query, as it is typed. */
  text: z.string(),
  name: z.string().nullable(),
  usedAt: millis.nullable(),
  savedAt: millis.nullable(),
});
export type SavedSearch = z.infer<typeof savedSearch>;
