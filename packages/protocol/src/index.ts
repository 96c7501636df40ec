export type * from './admin.ts';
export { AUDIT_ACTIONS, EXPORT_STATUSES, HISTORY_STATES } from './admin.ts';
export * as commands from './commands.ts';
export * from './conversation.ts';
export * from './device.ts';
export * from './digest.ts';
export { isLocalEmail } from './email.ts';
export * from './errors.ts';
export * from './events.ts';
export { eachFolded, fold, foldName, isAscii } from './fold.ts';
export * from './health.ts';
export * from './ids.ts';
export * from './inbox.ts';
export * from './length.ts';
export * from './limits.ts';
export * from './mention.ts';
export * from './message.ts';
export * from './named.ts';
export * from './names.ts';
export * from './person.ts';
export * from './rules/can.ts';
export * from './rules/kinds.ts';
export type { SavedSearch } from './saved-search.ts';
export type {
  SearchCount,
  SearchFacets,
  SearchHit,
  SearchPage,
  SearchReach,
} from './search.ts';
export { SEARCH_FACETS, SEARCH_TAIL } from './search.ts';
export { canonicalDate, isTimeZone, rangeOfDate, type TimeRange } from './search-dates.ts';
export * from './search-format.ts';
export * from './search-parse.ts';
export * from './search-query.ts';
export * from './slips.ts';
export * from './text.ts';
export * from './visible.ts';
export * from './workspace.ts';
