import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '@lockstep/db/embedded';
import type { Health } from '@lockstep/protocol';
import { freePort } from '@lockstep/testing';
import { skipOnInstallation } from '@lockstep/testing/kit';
import { scratchFolder } from '@lockstep/testing/scratch';
import { expect, test } from '@playwright/test';
import { childrenOf, leftBehind, NOTHING_LEFT, postgresOf } from '../scripts/lib/left-behind.ts';
import { OWN_SERVER } from './stack.ts';

skipOnInstallation(OWN_SERVER);

/** `npm start` itself, on data of its own: what an operator does to it, and what is left afterwards. */

const start = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));
const SLOW = { timeout: 120_000 };

let folder: string;
let port: number;
let launcher: ChildProcess | undefined;
let printed: string;

test.beforeEach(async () => {
  folder = await scratchFolder();
  port = await freePort();
});
test.afterEach(async () => {
  if (launcher && launcher.exitCode === null && launcher.signalCode === null) {
    launcher.kill('SIGTERM');
    await once(launcher, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const env = () => {
  const { npm_lifecycle_event, LOCKSTEP_URL, ...inherited } = process.env;
  return {
    ...inherited,
    DATA_DIR: folder,
    PORT: String(port),
    PUBLIC_URL: '',
    DATABASE_URL: '',
    REDIS_URL: '',
  };
};

const launch = (command = process.execPath, args = [start]) => {
  printed = '';
  launcher = spawn(command, args, { env: env(), stdio: 'pipe' });
  for (const stream of [launcher.stdout, launcher.stderr])
    stream?.on('data', (data) => {
      printed += data;
    });
  return launcher;
};
const kill = async () => {
  launcher?.kill('SIGKILL');
  await once(launcher as ChildProcess, 'exit');
};
const ready = () => expect.poll(() => printed, SLOW).toContain('Ready in');

const health = async (): Promise<Health | null> => {
  try {
    return (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as Health;
  } catch {
    return null;
  }
};
const isWell = async () => {
  const state = await health();
  return state?.ok === true && state.parts.worker.ok && state.parts.processes?.ok === true;
};

test('what dies is started again and named, logs are opened anew on a hangup, a stop leaves nothing', async () => {
  test.setTimeout(400_000);
  const { pid = 0 } = launch();
  await ready();
  await expect.poll(isWell, SLOW).toBe(true);
  for (const part of ['web', 'worker', 'Postgres'] as const) {
    await test.step(`${part} is killed`, async () => {
      const [web = 0, worker = 0] = childrenOf(folder);
      process.kill({ web, worker, Postgres: postgresOf(folder) }[part], 'SIGKILL');
      const title = { web: 'The web process', worker: 'The worker', Postgres: 'Postgres' }[part];
      await expect.poll(() => printed, SLOW).toContain(`${title} was `);
      await expect
        .poll(async () => (await health())?.parts.processes?.detail, SLOW)
        .toContain(`${title}: running again, ended by itself once`);
      await expect.poll(isWell, SLOW).toBe(true);
    });
  }

  const log = join(folder, 'logs/worker.log');
  const postgresLog = join(folder, 'postgres/log/postgres.log');
  const first = readFileSync(log, 'utf8').split('\n', 1)[0] ?? '';
  expect(JSON.parse(first)).toMatchObject({
    part: 'worker',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  for (const file of [log, postgresLog]) renameSync(file, `${file}.old`);
  process.kill(pid, 'SIGHUP');
  for (const file of [log, postgresLog]) await expect.poll(() => existsSync(file), SLOW).toBe(true);
  expect(await isWell()).toBe(true);

  const pids = [...childrenOf(folder), postgresOf(folder)];
  launcher?.kill('SIGTERM');
  await once(launcher as ChildProcess, 'exit');
  expect(launcher?.exitCode).toBe(0);
  expect(leftBehind(folder, pids)).toEqual(NOTHING_LEFT);
  expect(readFileSync(log, 'utf8')).toContain('stopping');
});

test('the launcher is killed at any step: web and worker end with it, the next start takes over', async () => {
  test.setTimeout(400_000);
  for (const step of ['database', 'migrate'])
    await test.step(`killed after ${step}`, async () => {
      launch();
      await expect.poll(() => printed, SLOW).toContain(step);
      await kill();
    });
  launch();
  await ready();
  const left = childrenOf(folder);
  const server = postgresOf(folder);
  await kill();
  // At once, while they still stop.
  launch();
  await ready();
  expect(left.filter(isAlive)).toEqual([]);
  expect([postgresOf(folder), printed.includes('found running')]).toEqual([server, true]);
  await test.step('and what it took over is watched as well', async () => {
    process.kill(server, 'SIGKILL');
    await expect.poll(() => printed, SLOW).toContain('Postgres has ended');
    await expect.poll(isWell, SLOW).toBe(true);
  });
});

test('nobody reads any more what it prints (`npm start | head -1`): it stops cleanly', async () => {
  test.setTimeout(400_000);
  const shell = launch('sh', ['-c', `"${process.execPath}" "${start}" | head -1`]);
  await once(shell, 'exit');
  await expect.poll(() => leftBehind(folder, []).lock, SLOW).toBe(false);
  expect(leftBehind(folder, [])).toEqual(NOTHING_LEFT);
  expect(printed).not.toContain('EPIPE');
});

const hasPty = spawnSync('python3', ['-c', 'import pty']).status === 0;

test('its terminal is closed: it stops cleanly', async () => {
  test.skip(!hasPty, 'python3, which makes the terminal, is not installed');
  test.setTimeout(400_000);
  // Ends, and with it the terminal, when it is told to by its input.
  const terminal = `import os, pty, select, sys
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
while True:
    for ready in select.select([fd, 0], [], [])[0]:
        if ready == 0: sys.exit()
        os.write(1, os.read(fd, 65536))
`;
  launch('python3', ['-c', terminal, process.execPath, start]);
  await ready();
  const pids = [
    ...childrenOf(folder),
    postgresOf(folder),
    JSON.parse(readFileSync(join(folder, 'start.lock'), 'utf8')).pid,
  ];
  launcher?.stdin?.end();
  await expect.poll(() => leftBehind(folder, pids), SLOW).toEqual(NOTHING_LEFT);
});
