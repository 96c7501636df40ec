export { createSearchIndex, type SearchSettings } from './create.ts';
export * from './health.ts';
export { type HistoryAsk, type HistoryFind, searchHistory } from './history/search.ts';
export { meilisearchIndex } from './meilisearch/engine.ts';
export * from './port.ts';
export { postgresIndex } from './postgres/engine.ts';
export type { Viewer } from './query/scope.ts';
export { type Ask, type AskPage, EXPORT_LIMITS, SEARCH_LIMITS, Searcher } from './searcher.ts';
