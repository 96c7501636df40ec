import { createRegistry, type MetricsServer, serveMetrics } from '@lockstep/core/metrics';
import type { Settings } from '@lockstep/core/settings';
import { type WebHooks, webHooks } from './hooks.ts';
import { observeSources, type WebSources } from './sources.ts';

/** The metrics of a web process (docs/monitoring.md). Loaded only where METRICS_PORT is set. */
export interface WebMetrics extends WebHooks {
  /** Begins to answer at METRICS_PORT. */
  serve(sources: WebSources): MetricsServer;
}

export const createWebMetrics = (
  { METRICS_HOST: host, HEALTH_TOKEN: token }: Pick<Settings, 'METRICS_HOST' | 'HEALTH_TOKEN'>,
  port: number,
): WebMetrics => {
  const registry = createRegistry();
  return {
    ...webHooks(registry),
    serve: (sources) => {
      observeSources(registry, sources);
      return serveMetrics(registry, { host, port, token, log: sources.core.log });
    },
  };
};
