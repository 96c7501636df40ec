import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { exportById, insertExport } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdAtPart } from './hold-export.ts';
import { end, makeGroup, makeWorld, send } from './world.ts';

let database: TestDatabase;
let world: ReturnType<typeof makeWorld>;
let dataDir: string;
beforeAll(async () => {
  database = await testDatabase();
  world = makeWorld({ databaseUrl: database.url });
  dataDir = mkdtempSync(join(tmpdir(), 'lockstep-worker-'));
});
afterAll(async () => {
  await world.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What a worker says that cannot start, and how it ends. */
const failing = async (env: NodeJS.ProcessEnv) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: database.url, AUTH_SECRET: '', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const [code] = await once(child, 'exit');
  return { code, said: await said };
};

/** A database of the same cluster that has no tables of ours. */
const otherDatabase = () => Object.assign(new URL(database.url), { pathname: '/postgres' }).href;

describe('a worker that cannot start ends, and says why in one line', () => {
  it.each<[string, () => NodeJS.ProcessEnv, RegExp]>([
    ['DATABASE_URL is not set', () => ({ DATABASE_URL: '' }), /^DATABASE_URL: the worker needs it.*\n$/],
    ['DATABASE_URL is none', () => ({ DATABASE_URL: 'nonsense' }), /^DATABASE_URL: must look like .*\n$/],
    ['another setting is wrong', () => ({ SWEEP_SECONDS: 'often' }), /^SWEEP_SECONDS: must be a number.*\n$/],
    ['its key cannot be kept', () => ({ DATA_DIR: '/dev/null' }), /^DATA_DIR: .* cannot be used .*\n$/],
    [
      'no tables are there',
      () => ({ DATABASE_URL: otherDatabase() }),
      /^The database lacks .* migrations.*\n$/,
    ],
  ])('%s', async (_, env, line) => {
    expect(await failing(env())).toEqual({ code: 1, said: expect.stringMatching(line) });
  });
});

describe('the search index, while a worker runs', () => {
  const texts = async () =>
    (
      await world.db.pool.query<{ count: number }>(
        'select count(*)::int as count from search_message where seq > 0',
      )
    ).rows[0]?.count;
  const soon = { timeout: 30_000, interval: 20 };

  it('is brought up to the form of this version, and filled again when somebody has emptied it', async () => {
    const group = await makeGroup(world.db, 2);
    await send(world, group, 5);
    const first = world.startWorker();
    await expect.poll(texts, soon).toBe(5);
    expect(await end(first, 'SIGINT')).toBe(0);
    await world.db.pool.query(`update search_state set form = 1; update search_message set tokens = ''`);
    const second = world.startWorker();
    const form = async () =>
      (await world.db.pool.query<{ form: number }>('select form from search_state')).rows[0]?.form;
    await expect.poll(form, soon).toBeGreaterThan(1);
    const { rowCount } = await world.db.pool.query(
      `select 1 from search_message where seq > 0 and tokens = ''`,
    );
    expect(rowCount).toBe(0);
    await world.db.pool.query('truncate search_message');
    await expect.poll(texts, soon).toBe(5);
    await end(second, 'SIGKILL');
  });
});

describe('a worker that is told to stop', () => {
  it('ends an export after the part in hand, which the next one goes on from', async () => {
    const id = randomUUID();
    const group = await makeGroup(world.db, 2);
    await send(world, group, 1_000);
    const query = { text: `in:<#${group.id}>`, state: 'all' as const, from: null, to: null, timeZone: 'UTC' };
    await insertExport(world.db, { id, createdBy: group.people[0] ?? '', reason: 'a complaint', query });
    const { worker, letGo, release } = await holdAtPart(world.db, 1, () =>
      world.startWorker({ DATA_DIR: dataDir }),
    );
    worker.kill('SIGTERM');
    await letGo();
    expect(await end(worker, 'SIGTERM')).toBe(0);
    await release();
    // The part that it waited with, and the next one where that had begun.
    const { status, parts } = (await exportById(world.db, id)) ?? {};
    expect(status).toBe('running');
    expect([1, 2]).toContain(parts);
  });
});

it('a hangup ends no worker: whoever rotates its log sends one', async () => {
  const worker = world.startWorker();
  await world.alive();
  worker.kill('SIGHUP');
  await send(world, await makeGroup(world.db, 2), 1);
  await world.caughtUp();
  expect(await end(worker, 'SIGTERM')).toBe(0);
});
