export { exposed, type Family, families, type Sample, samplesOf } from './exposition.ts';
export type { Element } from './functions.ts';
export { evaluate, metricsIn } from './promql.ts';
export { Scrapes, type Series } from './scrapes.ts';
