import { workExports } from '@lockstep/core/exports';
import { createLog } from '@lockstep/core/log';
import { collectStartGarbage } from '@lockstep/core/memory';
import { consumeConversations } from '@lockstep/core/queue';
import { authSecret } from '@lockstep/core/secret';
import { loadSettings, SettingsError } from '@lockstep/core/settings';
import { auditKeyOf, awaitSchema, compactIndexes, createDb, WORKER_NAME } from '@lockstep/db';
import { createSearchIndex, Searcher } from '@lockstep/search';
import { CONSUMERS } from './consumers/index.ts';
import { repeat } from './repeat.ts';
import { runConsumers } from './run-consumers.ts';

/** Seconds between two heartbeats; `GET /healthz` of the web process finds them in the activity of the database. */
const HEARTBEAT_SECONDS = 5;

/** Seconds between two checks whether the search index was wiped or its engine has become available. */
const RECOVER_SECONDS = 5;
/** Seconds between two checks for exports. */
const EXPORT_SECONDS = 1;
/** Seconds between two looks for indexes that are half empty. */
const COMPACT_SECONDS = 6 * 3_600;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

/** A person has to fix wrong settings: one line, without a stack. */
const orFail = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof SettingsError) return fail(error.message);
    throw error;
  }
};

const readSettings = () => {
  const settings = loadSettings(process.env);
  return settings.DATABASE_URL
    ? { ...settings, DATABASE_URL: settings.DATABASE_URL }
    : fail('DATABASE_URL: the worker needs it; `npm start` sets it to the embedded Postgres');
};

const settings = orFail(readSettings);
const log = createLog({ level: settings.LOG_LEVEL, part: 'worker' });

await awaitSchema(settings.DATABASE_URL).catch((error: Error) => fail(error.message));

const named = new URL(settings.DATABASE_URL);
named.searchParams.set('application_name', `${WORKER_NAME}-${process.pid}`);
const db = createDb({
  connectionString: named.href,
  poolSize: Math.min(settings.DATABASE_POOL, 4),
  onError: (error) => log.warn({ err: error }, 'database: a connection broke'),
});

// The same key as the web process has: AUTH_SECRET, or the file in DATA_DIR.
db.auditKey = auditKeyOf(orFail(() => authSecret(settings)));

const index = createSearchIndex(db, settings);
const { WORKER_METRICS_PORT: metricsPort } = settings;
const metrics = metricsPort
  ? (await import('./metrics.ts')).createWorkerMetrics(db, settings, metricsPort, log)
  : null;
const consumers = CONSUMERS.map((make) => make({ db, index, settings, onEntries: metrics?.onEntries }));
const running = runConsumers(db, consumers, settings.SWEEP_SECONDS, log, metrics?.onBatch);
const queue = consumeConversations(
  { databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL },
  log,
  running.wake,
);
// Exports of message history: level-triggered too, their rows say what is open and how far it has come.
const stopExports = new AbortController();
const searcher = new Searcher(db, index);
const exports = repeat('exports', EXPORT_SECONDS, log, () =>
  workExports({ db, searcher, dataDir: settings.DATA_DIR, log, signal: stopExports.signal }),
);
let prepared = false;
const recovering = repeat('search: making ready', RECOVER_SECONDS, log, async () => {
  await (prepared ? index.recover() : index.prepare());
  prepared = true;
});
const stopUpgrade = new AbortController();
const upgrade = repeat('search: bringing the index up to this version', RECOVER_SECONDS, log, async () => {
  if (prepared) await index.upgrade({ signal: stopUpgrade.signal });
});
const stopCompacting = new AbortController();
const compacting = repeat('compacting indexes', COMPACT_SECONDS, log, async () => {
  for (const { index: name, before, after } of await compactIndexes(db, { signal: stopCompacting.signal }))
    log.info({ index: name, before, after }, 'an index was half empty and is rebuilt');
});
const heartbeat = setInterval(() => {
  db.pool.query('select 1').catch((error: Error) => log.warn({ err: error }, 'database: away'));
}, HEARTBEAT_SECONDS * 1_000);
void queue.ready.then(() => {
  log.info({ consumers: consumers.map(({ name }) => name) }, 'working');
  collectStartGarbage();
});

let stopping = false;
const stop = async (signal: string) => {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  // The next worker finds what is interrupted here: checkpoints move with the work, in one transaction.
  setTimeout(() => process.exit(0), 8_000).unref();
  clearInterval(heartbeat);
  stopExports.abort();
  stopUpgrade.abort();
  stopCompacting.abort();
  await metrics?.close();
  await recovering.close();
  await upgrade.close();
  await exports.close();
  await compacting.close();
  await Promise.all([running.stopSweeps(), queue.close()]);
  await running.idle();
  await index.close();
  await db.close();
  process.exit(0);
};
process.on('SIGTERM', (signal) => void stop(signal));
process.on('SIGINT', (signal) => void stop(signal));
// A hangup is for whoever writes our log.
process.on('SIGHUP', () => {});
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
