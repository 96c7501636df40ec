import { join, resolve } from 'node:path';
import { loadSettings, type Settings } from '@lockstep/core/settings';
import { applyMigrations } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import { root } from './files.mjs';
import { lockData } from './lock.ts';
import { build } from './prepare.mjs';
import { startProduct } from './product.ts';
import { portIsFree, reachPostgres, reachRedis } from './reach.ts';
import { StartError, step } from './steps.mjs';

export interface LaunchOptions {
  dev: boolean;
  demo: boolean;
  /** Aborted when we are asked to stop. */
  signal: AbortSignal;
  /** `performance.now()` of the start of the whole. */
  started: number;
}

/**
 * Everything after install and generate: settings, build, database, web and worker, until `signal` says stop or something
 * ends by itself. Resolves when all is stopped. Throws SettingsError or StartError with one line that says what to do.
 */
export const launch = async ({ dev, demo, signal, started }: LaunchOptions): Promise<void> => {
  const settings = loadSettings({ ...process.env, NODE_ENV: dev ? 'development' : 'production' });
  const dataDir = resolve(root, settings.DATA_DIR);
  process.env.DATA_DIR = dataDir;
  const url = `http://${reachable(settings.HOST)}:${settings.PORT}`;
  const undo: (() => unknown)[] = [];
  try {
    undo.push(lockData(dataDir, settings.PUBLIC_URL));
    await portIsFree(settings.HOST, settings.PORT);
    if (settings.REDIS_URL) await reachRedis(settings.REDIS_URL);
    signal.throwIfAborted();
    if (!dev) await step('build', build);
    signal.throwIfAborted();

    const database = await openDatabase(settings, dataDir);
    undo.push(database.stop);
    await step('migrate', async () => {
      const added = await applyMigrations(database.url);
      return added.length > 0 ? `${added.length} applied` : 'up to date';
    });
    signal.throwIfAborted();

    const env = {
      ...process.env,
      NODE_ENV: settings.NODE_ENV,
      LOCKSTEP_DEV: dev ? '1' : '',
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
    };
    const product = startProduct(url, env, dev, dev ? null : join(dataDir, 'logs'));
    undo.push(product.stop);
    const stopped = new Promise<void>((done) =>
      signal.addEventListener('abort', () => done(), { once: true }),
    );
    await step('web, worker', async () => {
      await Promise.race([product.healthy(), stopped]);
      return signal.aborted ? null : 'healthy';
    });
    signal.throwIfAborted();
    if (demo) await fillDemo(database.url, settings.PUBLIC_URL);
    if (!signal.aborted) {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`\nReady in ${seconds} s. Ctrl-C stops it.\n\n  ${settings.PUBLIC_URL}\n`);
    }
    await Promise.race([stopped, product.broken, database.lost]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (signal.aborted) console.log('\nStopping');
    for (const back of undo.reverse()) await back();
  }
};

/** An address to reach ourselves by when we listen on all of them. */
const reachable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

const openDatabase = async (settings: Settings, dataDir: string) => {
  const { DATABASE_URL } = settings;
  if (DATABASE_URL) {
    await step('database', async () => {
      await reachPostgres(DATABASE_URL);
      return `Postgres at ${new URL(DATABASE_URL).host}`;
    });
    return { url: DATABASE_URL, stop: async () => {}, lost: new Promise<never>(() => {}) };
  }
  let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>> | undefined;
  await step('database', async () => {
    postgres = await startEmbeddedPostgres({ dataDir }).catch((error: Error) => {
      throw new StartError(error.message, { cause: error });
    });
    return postgres.reused ? 'embedded Postgres, found running' : 'embedded Postgres';
  });
  if (!postgres) throw new Error('unreachable');
  const lost = postgres.lost.then(() => {
    throw new StartError(
      `Postgres has ended by itself: see ${join(dataDir, 'postgres.log')}, then start again`,
    );
  });
  lost.catch(() => {});
  return { url: postgres.url, stop: postgres.stop, lost };
};

interface Demo {
  fillDemo(at: { databaseUrl: string; url: string }): Promise<{ email: string; password: string }[]>;
}

/** scripts/demo.ts fills the workspace and gives back who can sign in. Loaded only when asked for. */
const fillDemo = async (databaseUrl: string, url: string): Promise<void> => {
  const demo: Demo = await import(new URL('../demo.ts', import.meta.url).href);
  let signIns: Awaited<ReturnType<Demo['fillDemo']>> = [];
  await step('demo', async () => {
    signIns = await demo.fillDemo({ databaseUrl, url });
    return 'a workspace to try';
  });
  for (const { email, password } of signIns) console.log(`  sign in as ${email} with ${password}`);
};
