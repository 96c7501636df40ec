// The search of devices in what they hold, made of the same parts as the server's. Imports nothing of ours but the protocol.
export * from '../query/clauses.ts';
export { fits } from '../query/fits.ts';
export type { Plan } from '../query/plan.ts';
export { termOf } from '../text/index.ts';
export * from './local-search.ts';
export * from './merge-hits.ts';
export * from './message-index.ts';
export * from './names.ts';
export * from './plan.ts';
export * from './searcher.ts';
export * from './state.ts';
export * from './window-hits.ts';
