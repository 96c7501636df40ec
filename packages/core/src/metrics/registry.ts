import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Buckets of durations, in seconds: from what an idle server needs to what a client waits for. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is read of a pool of pg. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/**
 * Defaults of prom-client that are left out: they list every open handle at each scrape, ten thousand sockets for one,
 * and are gauges with the names of counters.
 */
const LEFT_OUT = ['handles', 'requests', 'resources'].flatMap((name) => [
  `nodejs_active_${name}`,
  `nodejs_active_${name}_total`,
]);

/** A registry with the metrics of the process itself. */
export const createRegistry = (): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of LEFT_OUT) registry.removeSingleMetric(name);
  return registry;
};

/** Adds the connections of this process to Postgres. */
export const observePool = (registry: Registry, pool: Pool): void => {
  new Gauge({
    name: 'lockstep_postgres_connections',
    help: 'Connections of this process to Postgres, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
    },
  });
  new Gauge({
    name: 'lockstep_postgres_waiting',
    help: 'Statements of this process that wait for a connection to Postgres.',
    registers: [registry],
    collect() {
      this.set(pool.waitingCount);
    },
  });
};
