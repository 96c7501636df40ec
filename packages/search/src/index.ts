export { createSearchIndex, type SearchSettings } from './create.ts';
export * from './health.ts';
export { meilisearchIndex } from './meilisearch/engine.ts';
export * from './port.ts';
export { postgresIndex } from './postgres/engine.ts';
export type { Viewer } from './query/scope.ts';
export { type Ask, type AskPage, Searcher } from './searcher.ts';
