import { join } from 'node:path';
import { collectStartGarbage } from '@lockstep/core/memory';
import type { Settings } from '@lockstep/core/settings';
import { applyMigrations } from '@lockstep/db';
import { watchDisk } from './disk.ts';
import { type Database, keepPostgres } from './embedded.ts';
import { endLeftBehind, lockData } from './lock.ts';
import { build } from './prepare.mjs';
import { type Product, startProduct } from './product.ts';
import { portIsFree, reachPostgres, reachRedis } from './reach.ts';
import { noteServing } from './serving.mjs';
import { readSettings } from './settings.ts';
import { readStartNotes } from './start-notes.ts';
import { step } from './steps.mjs';
import { Supervisor } from './supervisor.ts';
import { notifySystemd } from './systemd.ts';

/** How long a Postgres or a Redis of one's own may take to come up, after the machine was started for one. */
const SERVERS_MS = 60_000;

export interface LaunchOptions {
  dev: boolean;
  demo: boolean;
  /** Aborted when we are asked to stop. */
  signal: AbortSignal;
  /** `performance.now()` of the start of the whole. */
  started: number;
  /** Given what to do when the logs were renamed (logrotate). */
  onReopenLogs: (reopen: () => void) => void;
}

/**
 * Everything after install and generate: settings, build, database, web and worker, until `signal` says stop or a part
 * fails for good (supervisor.ts). Resolves when all is stopped. Throws SettingsError, SchemaError or StartError with one
 * line that says what to do.
 */
export const launch = async ({ dev, demo, signal, started, onReopenLogs }: LaunchOptions): Promise<void> => {
  const settings = readSettings({ NODE_ENV: dev ? 'development' : 'production' });
  const dataDir = settings.DATA_DIR;
  process.env.DATA_DIR = dataDir;
  const url = `http://${reachable(settings.HOST)}:${settings.PORT}`;
  const supervisor = new Supervisor();
  const undo: (() => unknown)[] = [];
  const stopped = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
  try {
    const lock = lockData(dataDir, settings.PUBLIC_URL);
    undo.push(lock.release);
    await endLeftBehind(lock.leftBehind);
    await portIsFree(settings.HOST, settings.PORT);
    await reachServers(settings, signal);
    signal.throwIfAborted();
    if (!dev) {
      noteServing();
      await step('build', build);
    }
    signal.throwIfAborted();

    undo.push(watchDisk(dataDir, supervisor.print));
    const env = {
      ...process.env,
      NODE_ENV: settings.NODE_ENV,
      LOCKSTEP_DEV: dev ? '1' : '',
      DATA_DIR: dataDir,
      DATABASE_URL: '',
    };
    let product: Product | undefined;
    const database = await openDatabase(settings, supervisor, () => {
      env.DATABASE_URL = database.url();
      void product?.restart();
    });
    undo.push(database.stop);
    env.DATABASE_URL = database.url();
    await step('migrate', async () => {
      const added = await applyMigrations(database.url());
      return added.length > 0 ? `${added.length} applied` : 'up to date';
    });
    signal.throwIfAborted();

    const logs = (name: string) => join(dataDir, 'logs', `${name}.log`);
    const onTrouble = (name: string) => (code: string | null) =>
      supervisor.print(
        code ? `${logs(name)} cannot be written (${code}).` : `${logs(name)} is written again.`,
      );
    product = await startProduct({
      url,
      env,
      dev,
      supervisor,
      log: (name) => (dev ? null : [logs(name), { onTrouble: onTrouble(name) }]),
    });
    const { healthy, logs: files } = product;
    undo.push(product.stop);
    supervisor.onChange(() => lock.note(product?.pids() ?? []));
    supervisor.changed();
    onReopenLogs(() => {
      for (const file of files) file.reopen();
      database.reopenLog();
    });
    await step('web, worker', async () => {
      await Promise.race([healthy(), stopped]);
      return signal.aborted ? null : 'healthy';
    });
    signal.throwIfAborted();
    if (demo) await fillDemo(database.url(), settings.PUBLIC_URL);
    if (!signal.aborted) {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const { addresses, notes } = await readStartNotes(settings, database.url(), dataDir);
      console.log(`\nReady in ${seconds} s. Ctrl-C stops it.\n`);
      notifySystemd('READY=1');
      for (const line of [...addresses, '', ...notes.flatMap((note) => [note, ''])])
        console.log(line && `  ${line}`);
    }
    collectStartGarbage();
    await Promise.race([stopped, supervisor.broken]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (signal.aborted) console.log('\nStopping');
    notifySystemd('STOPPING=1');
    for (const back of undo.reverse()) await back();
  }
};

/** An address to reach ourselves by when we listen on all of them. */
const reachable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

/** Before anything is built: what is wrong there is said at once. */
const reachServers = async ({ DATABASE_URL, REDIS_URL }: Settings, signal: AbortSignal): Promise<void> => {
  if (DATABASE_URL)
    await step('database', async () => {
      await reachPostgres(DATABASE_URL, { waitMs: SERVERS_MS, signal });
      return `Postgres at ${new URL(DATABASE_URL).host}`;
    });
  if (REDIS_URL) await reachRedis(REDIS_URL, { waitMs: SERVERS_MS, signal });
};

const openDatabase = async (
  { DATABASE_URL, DATA_DIR }: Settings,
  supervisor: Supervisor,
  onNewPort: () => void,
): Promise<Database> =>
  DATABASE_URL
    ? { url: () => DATABASE_URL, stop: async () => {}, reopenLog: () => {} }
    : keepPostgres(DATA_DIR, supervisor, onNewPort);

/** scripts/demo.ts fills the workspace and gives back who can sign in. Loaded only when asked for. */
const fillDemo = async (databaseUrl: string, url: string): Promise<void> => {
  const demo = await import('../demo.ts');
  let signIns: Awaited<ReturnType<typeof demo.fillDemo>> = [];
  await step('demo', async () => {
    signIns = await demo.fillDemo({ databaseUrl, url });
    return 'a workspace to try';
  });
  for (const { email, password } of signIns) console.log(`  sign in as ${email} with ${password}`);
};
