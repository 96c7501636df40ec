import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '@lockstep/testing/ports';
import type { Scrapes } from '@lockstep/testing/prometheus';
import { vi } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Scraped {
  child: ChildProcess;
  metricsPort: number;
  /** What it has logged, once it has ended. */
  log: Promise<string>;
  /** Of the job in the rules. */
  scrape(scrapes: Scrapes): Promise<void>;
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface WebProcess extends Scraped {
  url: string;
}

type Env = Record<string, string>;

const COMMON: Env = {
  NODE_ENV: 'test',
  AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
  DATA_DIR: join(tmpdir(), 'lockstep-metrics'),
  RATE_LIMITS: 'off',
  LOG_LEVEL: 'info',
};

const children = new Set<ChildProcess>();

const start = (file: string, env: Env, job: string, metricsPort: number): Scraped => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, file)], {
    cwd: join(root, file.split('/').slice(0, 2).join('/')),
    env: { ...process.env, ...COMMON, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const log = Promise.all([text(child.stdout as never), text(child.stderr as never)]).then((all) =>
    all.join(''),
  );
  const end = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const target = { job, instance: String(metricsPort) };
  return { child, metricsPort, log, scrape: (scrapes) => scrapes.scrape(target, metricsPort), end };
};

/** Answers calls, sockets and scrapes when this resolves. */
export const startWebProcess = async (databaseUrl: string, env: Env = {}): Promise<WebProcess> => {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const all = {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    PUBLIC_URL: url,
    METRICS_PORT: String(metricsPort),
    ...env,
  };
  const web = start('apps/web/test/metrics/web-process.ts', all, 'lockstep-web', metricsPort);
  const [first] = await Promise.race([once(web.child, 'message'), once(web.child, 'exit')]);
  if (first !== 'ready') throw new Error(`the web process has ended: ${await web.log}`);
  return { ...web, url };
};

/** Answers scrapes when this resolves. */
export const startWorkerProcess = async (
  databaseUrl: string,
  metricsPort?: number,
  env: Env = {},
): Promise<Scraped> => {
  const port = metricsPort ?? (await freePort());
  const all = {
    DATABASE_URL: databaseUrl,
    SWEEP_SECONDS: '1',
    WORKER_METRICS_PORT: String(port),
    ...env,
  };
  const worker = start('apps/worker/src/main.ts', all, 'lockstep-worker', port);
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/metrics`), { timeout: 120_000 });
  return worker;
};

/** All that are left, at the end of a test file. */
export const endProcesses = async (): Promise<void> => {
  await Promise.all(
    [...children].map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
};
