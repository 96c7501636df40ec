export { consumerLags } from './lag.ts';
export { createRegistry, observePool, SECONDS } from './registry.ts';
export { sampled } from './sampled.ts';
export { type MetricsServer, serveMetrics } from './serve.ts';
