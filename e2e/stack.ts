import { rmSync } from 'node:fs';
import { applyMigrations } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import { freePort } from '@lockstep/testing';
import { isInstallation } from '@lockstep/testing/kit';
import { scratchFolder } from '@lockstep/testing/scratch';
import { test } from '@playwright/test';
import { type Part, type Product, startProduct } from '../scripts/lib/product.ts';

export interface Stack {
  url: string;
  databaseUrl: string;
  stop(): Promise<void>;
  /** To be stopped, killed and started by tests. */
  web: Part;
  worker: Part;
  /** The settings; a process that is started again takes them as they are then. */
  env: NodeJS.ProcessEnv;
}

export const OWN_SERVER = 'it starts a server of its own';

/**
 * The product as `npm start` runs it, built before: Postgres, the worker and the web app, each a process of its own, on
 * free ports and a data folder of its own. Rejects when it does not become healthy. Leaves the test out on an installation.
 */
export const startStack = async (env: Record<string, string> = {}): Promise<Stack> => {
  if (isInstallation()) test.skip(true, OWN_SERVER);
  const folder = await scratchFolder();
  const postgres = await startEmbeddedPostgres({ dataDir: folder, ephemeral: true });
  let product: Product | undefined;
  const stop = async () => {
    await product?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await applyMigrations(postgres.url);
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const settings = {
      ...process.env,
      NODE_ENV: 'production' as const,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      DATABASE_URL: postgres.url,
      DATA_DIR: folder,
      AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
      LOG_LEVEL: 'warn',
      LOCKSTEP_TEST: '1',
      ...env,
    };
    product = await startProduct({ url, env: settings });
    await product.healthy();
    return { url, databaseUrl: postgres.url, stop, web: product.web, worker: product.worker, env: settings };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Starts the product once for all browser tests; they find it by `LOCKSTEP_URL`. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const stack = await startStack({ RATE_LIMITS: 'off' });
  process.env.LOCKSTEP_URL = stack.url;
  return stack.stop;
}
