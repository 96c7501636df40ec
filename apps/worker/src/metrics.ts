import { createRegistry, observePool, SECONDS, serveMetrics } from '@lockstep/core/metrics';
import type { Settings } from '@lockstep/core/settings';
import type { Db } from '@lockstep/db';
import type { Logger } from 'pino';
import { Counter, Histogram } from 'prom-client';
import type { ObserveBatch } from './run-consumers.ts';

/** The metrics of a worker (docs/monitoring.md). Loaded only where WORKER_METRICS_PORT is set. */
export interface WorkerMetrics {
  onBatch: ObserveBatch;
  onEntries(entries: number): void;
  close(): Promise<void>;
}

/** The consumer of the index has a name for each engine. */
const labelOf = (consumer: string) => (consumer === 'fanout' ? 'fanout' : 'index');

export const createWorkerMetrics = (
  db: Db,
  { METRICS_HOST: host, HEALTH_TOKEN: token }: Pick<Settings, 'METRICS_HOST' | 'HEALTH_TOKEN'>,
  port: number,
  log: Logger,
): WorkerMetrics => {
  const registry = createRegistry();
  const registers = [registry];
  const labelNames = ['consumer'];
  observePool(registry, db.pool);
  const seconds = new Histogram({
    name: 'lockstep_consumer_batch_seconds',
    help: 'Time of a batch of a consumer.',
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const conversations = new Counter({
    name: 'lockstep_consumer_conversations_total',
    help: 'Conversations in the batches of a consumer.',
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: 'lockstep_consumer_failures_total',
    help: 'Batches of a consumer that failed and are tried again.',
    labelNames,
    registers,
  });
  const entries = new Counter({
    name: 'lockstep_inbox_writes_total',
    help: 'Inbox entries written by the fan-out.',
    registers,
  });
  for (const consumer of ['fanout', 'index']) {
    seconds.zero({ consumer });
    conversations.inc({ consumer }, 0);
    failures.inc({ consumer }, 0);
  }
  const server = serveMetrics(registry, { host, port, token, log });
  return {
    onBatch: ({ consumer, conversations: count, ms, failed }) => {
      const label = { consumer: labelOf(consumer) };
      seconds.observe(label, ms / 1_000);
      conversations.inc(label, count);
      if (failed) failures.inc(label);
    },
    onEntries: (count) => entries.inc(count),
    close: () => server.close(),
  };
};
