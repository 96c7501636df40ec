export { createSearchIndex } from './create.ts';
export { readLag, readState } from './health.ts';
export { searchHistory } from './history/search.ts';
export { type Difference, IndexUnavailable, type SearchIndex } from './port.ts';
export { postgresIndex } from './postgres/engine.ts';
export { EXPORT_LIMITS, SEARCH_LIMITS, Searcher } from './searcher.ts';
