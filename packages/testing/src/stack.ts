import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import type { Health } from '@lockstep/protocol';
import { freePort } from './ports.ts';
import { scratchFolder } from './scratch.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Stack {
  url: string;
  databaseUrl: string;
  stop(): Promise<void>;
}

/**
 * The product as people run it: Postgres, the worker and the built web app, each a process of its own, on free ports
 * and a data folder of its own. Rejects when it is not healthy within `timeoutMs`.
 */
export const startStack = async (env: Record<string, string> = {}, timeoutMs = 60_000): Promise<Stack> => {
  const folder = await scratchFolder();
  const postgres = await startEmbeddedPostgres({ dataDir: folder, ephemeral: true });
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.reverse().map(end));
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
      ...env,
    };
    for (const [cwd, file] of [
      ['apps/worker', 'src/main.ts'],
      ['apps/web', 'server.ts'],
    ] as const) {
      children.push(
        spawn(process.execPath, ['--import', 'tsx', file], {
          cwd: join(root, cwd),
          env: settings,
          stdio: ['ignore', 'inherit', 'inherit'],
        }),
      );
    }
    await healthy(url, children, timeoutMs);
    return { url, databaseUrl: postgres.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const end = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(hard);
};

const healthy = async (url: string, children: ChildProcess[], timeoutMs: number) => {
  const until = Date.now() + timeoutMs;
  let last = 'no answer yet';
  while (Date.now() < until) {
    const dead = children.find((child) => child.exitCode !== null);
    if (dead) throw new Error(`${dead.spawnargs.at(-1)} ended with ${dead.exitCode}`);
    try {
      const health = (await (await fetch(`${url}/healthz`)).json()) as Health;
      if (health.ok && health.parts.worker.ok) return;
      last = JSON.stringify(health);
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not healthy after ${timeoutMs} ms: ${last}`);
};
