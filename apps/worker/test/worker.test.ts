import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, createDb, liveWorkers } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { hasRedis, type TestRedis, testRedis } from '@lockstep/testing/redis';
import { createPostgresBackend, Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, entriesOf, makeGroup, makeWorld, send } from './world.ts';

if (!hasRedis()) console.info('skipped: worker on Redis, as redis-server is not installed');

/** What holds on every backend of the queue. */
describe.each([
  { kind: 'postgres' as const, installed: true },
  { kind: 'redis' as const, installed: hasRedis() },
])('worker on $kind', ({ kind, installed }) => {
  if (!installed) return it.skip('needs redis-server');

  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let world: ReturnType<typeof makeWorld>;

  beforeAll(async () => {
    database = await testDatabase();
    if (kind === 'redis') redis = await testRedis();
    world = makeWorld({ databaseUrl: database.url, redisUrl: redis?.url });
  });
  afterAll(async () => {
    await world.close();
    await redis?.stop();
    await database.drop();
  });

  const settled = async (id: string, members: number) => {
    await world.caughtUp();
    expect(await entriesOf(world.db, id)).toEqual({ entries: members, at_head: members, bad_pos: 0 });
  };
  const queueIsOpen = () =>
    expect.poll(async () => (await world.wakeups.health()).ok, { timeout: 10_000 }).toBe(true);

  it('rule 9: worker down, sends go on; it catches up when it is there, and ends cleanly', async () => {
    const group = await makeGroup(world.db, 10);
    await send(world, group, 20);
    expect((await entriesOf(world.db, group.id))?.entries).toBe(0);
    const worker = world.startWorker();
    await world.alive();
    await settled(group.id, 10);
    expect(await end(worker, 'SIGTERM')).toBe(0);
    expect(await liveWorkers(world.db, 10)).toBe(0);
  });

  it('is woken by jobs, long before a sweep', async () => {
    const worker = world.startWorker({ SWEEP_SECONDS: '3600' });
    await Promise.all([world.alive(), queueIsOpen()]);
    const group = await makeGroup(world.db, 3);
    for (let i = 0; i < 5; i++) {
      await send(world, group);
      await settled(group.id, 3);
      // The job wakes every consumer, the index too.
      await world.caughtUp('index');
    }
    await end(worker, 'SIGKILL');
  });

  it('killed in mid-work, again and again: nothing is lost', async () => {
    const groups = await Promise.all(Array.from({ length: 20 }, () => makeGroup(world.db, 10)));
    for (let round = 0; round < 3; round++) {
      const worker = world.startWorker();
      await world.alive();
      const sends = Promise.all(groups.flatMap((group) => [send(world, group, 20), send(world, group, 20)]));
      // In mid-work: some of it is worked off, some is not.
      await expect
        .poll(async () => (await entriesOf(world.db, groups[0]?.id ?? ''))?.entries, { interval: 1 })
        .toBe(10);
      await end(worker, 'SIGKILL');
      await sends;
    }
    const last = world.startWorker();
    for (const { id } of groups) await settled(id, 10);
    await end(last, 'SIGKILL');
  }, 120_000);

  it('rule 9: a queue emptied in between loses nothing', async () => {
    const group = await makeGroup(world.db, 5);
    await queueIsOpen();
    await send(world, group, 10);
    const queue = queueOf();
    await expect.poll(() => queue.getWaitingCount()).toBeGreaterThan(0);
    await queue.obliterate({ force: true });
    await queue.close();
    world.startWorker();
    await settled(group.id, 5);
  });

  const queueOf = (): Queue =>
    redis
      ? new Queue('moved', { connection: { url: redis.url } })
      : (new Queue('moved', { connection: database.url as never }, createPostgresBackend as never) as Queue);
});

describe('the database goes away', () => {
  it('rule 9: worker and queue go on when it is back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-worker-'));
    const options = { dataDir: folder };
    let postgres = await startEmbeddedPostgres(options);
    const databaseUrl = postgres.url;
    await applyMigrations(databaseUrl);
    const world = makeWorld({ databaseUrl });
    try {
      const worker = world.startWorker({ LOG_LEVEL: 'fatal' });
      await world.alive();
      const group = await makeGroup(world.db, 4);
      await send(world, group);
      await world.caughtUp();
      await postgres.stop();
      postgres = await startEmbeddedPostgres(options);
      expect(postgres.url).toBe(databaseUrl);
      const db = createDb({ connectionString: databaseUrl });
      await send({ db, wakeups: world.wakeups }, group, 5);
      await world.caughtUp();
      expect(await entriesOf(db, group.id)).toEqual({ entries: 4, at_head: 4, bad_pos: 0 });
      // Wake-ups work again, not only the sweep.
      await expect.poll(async () => (await world.wakeups.health()).ok).toBe(true);
      expect(worker.exitCode).toBeNull();
      await db.close();
    } finally {
      await world.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
