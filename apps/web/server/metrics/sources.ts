import { type ApiHandler, BUDGETS, PROCEDURES } from '@lockstep/api';
import type { Core } from '@lockstep/core';
import { consumerLags, observePool, sampled } from '@lockstep/core/metrics';
import type { Wakeups } from '@lockstep/core/queue';
import { auditHead } from '@lockstep/core/sockets';
import { ERROR_CODES, type Health } from '@lockstep/protocol';
import type { Realtime } from '@lockstep/realtime';
import { Counter, Gauge, type Registry } from 'prom-client';
import pkg from '../../package.json' with { type: 'json' };
import { freeBytes } from '../health.ts';

/** What is asked at each scrape. */
export interface WebSources {
  core: Core;
  api: Pick<ApiHandler, 'usage' | 'errors' | 'limited'>;
  realtime: Pick<Realtime, 'sockets'>;
  wakeups: Pick<Wakeups, 'waiting'>;
  health(): Promise<Health>;
}

/** Pages are no calls. */
const LIMITS = Object.keys(BUDGETS).filter((name) => name !== 'page');

/** Everything that is counted elsewhere already, or has to be asked for. */
export const observeSources = (registry: Registry, sources: WebSources): void => {
  const { core, api, realtime } = sources;
  const registers = [registry];
  observePool(registry, core.db.pool);

  /** A counter for each of a closed set of values, from 0 on, so that its first increase is seen as one. */
  const counter = (name: string, help: string, label: string, values: readonly string[], read: Read) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        const count = read();
        for (const value of values) this.inc({ [label]: value }, count(value));
      },
    });
  const gauge = (name: string, help: string, read: () => Promise<number | undefined> | number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = await read();
        // Better no sample than one of another time.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });

  new Gauge({
    name: 'lockstep_build_info',
    help: 'Always 1; the label has the version.',
    labelNames: ['version'],
    registers,
  }).set({ version: pkg.version }, 1);
  const usageOf = (field: 'calls' | 'ms', unit = 1) => {
    const usage = api.usage();
    return (name: string) => (usage[name]?.[field] ?? 0) / unit;
  };
  counter('lockstep_calls_total', 'Calls of the API, by procedure.', 'procedure', PROCEDURES, () =>
    usageOf('calls'),
  );
  counter(
    'lockstep_call_seconds_total',
    'Time of calls of the API, by procedure.',
    'procedure',
    PROCEDURES,
    () => usageOf('ms', 1_000),
  );
  counter(
    'lockstep_errors_total',
    'Calls of the API that were answered with an error, by its code.',
    'code',
    ERROR_CODES,
    () => countIn(api.errors),
  );
  counter(
    'lockstep_rate_limited_total',
    'Calls of the API that a rate limit refused, by limit.',
    'limit',
    LIMITS,
    () => countIn(api.limited),
  );

  gauge('lockstep_sockets', 'Open sockets of devices.', () => realtime.sockets());
  gauge('lockstep_append_waiting', 'Messages that wait to be stored.', () => core.db.appender.waiting);
  gauge(
    'lockstep_queue_jobs',
    'Jobs in the queue that no worker has taken.',
    sampled(() => sources.wakeups.waiting()),
  );
  gauge(
    'lockstep_audit_entries',
    'Entries of the audit log. It never shrinks.',
    sampled(async () => (await auditHead(core.db.pool)).n),
  );
  gauge(
    'lockstep_disk_free_bytes',
    'Free on the disk with DATA_DIR.',
    sampled(() => freeBytes(core.settings.DATA_DIR)),
  );
  observeLag(registry, core);
  new Gauge({
    name: 'lockstep_part_up',
    help: '1 while a part is well, as /healthz says it; else 0.',
    labelNames: ['part'],
    registers,
    async collect() {
      const { parts } = await sources.health();
      // After the wait: two may scrape at once.
      this.reset();
      for (const [part, { ok }] of Object.entries(parts)) this.set({ part }, ok ? 1 : 0);
    },
  });
};

type Read = () => (value: string) => number;

const countIn = (counts: ReadonlyMap<string, number>) => (value: string) => counts.get(value) ?? 0;

/** One question to the database for both. */
const observeLag = (registry: Registry, core: Core): void => {
  const lags = sampled(() => consumerLags(core));
  const lag = (name: string, help: string, field: 'changes' | 'seconds') =>
    new Gauge({
      name,
      help,
      labelNames: ['consumer'],
      registers: [registry],
      async collect() {
        const known = (await lags()) ?? [];
        this.reset();
        for (const { consumer, [field]: value } of known) this.set({ consumer }, value);
      },
    });
  lag('lockstep_consumer_lag_changes', 'Changes that the fan-out or the index has not processed.', 'changes');
  lag('lockstep_consumer_lag_seconds', 'How long the oldest of these changes waits.', 'seconds');
};
