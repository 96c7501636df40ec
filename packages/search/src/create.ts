import type { Db } from '@lockstep/db';
import { meilisearchIndex } from './meilisearch/engine.ts';
import type { SearchIndex } from './port.ts';
import { postgresIndex } from './postgres/engine.ts';

interface SearchSettings {
  SEARCH: 'postgres' | 'meilisearch';
  MEILI_URL: string | null;
  MEILI_KEY?: string | undefined;
}

/** The engine of the settings. */
export const createSearchIndex = (db: Db, { SEARCH, MEILI_URL, MEILI_KEY }: SearchSettings): SearchIndex =>
  SEARCH === 'meilisearch' && MEILI_URL
    ? meilisearchIndex(db, { url: MEILI_URL, key: MEILI_KEY ?? null })
    : postgresIndex(db);
