import type { Db } from '@lockstep/db';
import type { SearchIndex } from './port.ts';
import { postgresIndex } from './postgres/engine.ts';

/** The engine of the settings. */
export const createSearchIndex = (db: Db, _settings: object): SearchIndex => postgresIndex(db);
