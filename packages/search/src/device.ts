// Pure, for devices that search what they hold in the way the server searches: imports nothing but the protocol.
export * from './query/clauses.ts';
export * from './query/fits.ts';
export { newestFirst } from './query/newest-first.ts';
export * from './query/plan.ts';
export * from './text/index.ts';
