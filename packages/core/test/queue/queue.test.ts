import { randomUUID } from 'node:crypto';
import {
  consumeConversations,
  createWakeups,
  JOB_CONVERSATIONS,
  type QueueConnection,
} from '@lockstep/core/queue';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { freePort } from '@lockstep/testing/ports';
import { hasRedis, type TestRedis, testRedis } from '@lockstep/testing/redis';
import pg from 'pg';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

if (!hasRedis()) console.info('skipped: queue on Redis, as redis-server is not installed');

const log = pino({ level: 'silent' });
const ids = (n: number) => Array.from({ length: n }, () => randomUUID());

/** What holds for every backend of the queue. */
describe.each([
  { kind: 'postgres' as const, installed: true },
  { kind: 'redis' as const, installed: hasRedis() },
])('wake-ups over $kind', ({ kind, installed }) => {
  if (!installed) return it.skip('needs redis-server');

  let database: TestDatabase;
  let redis: TestRedis | undefined;
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    if (kind === 'redis') redis = await testRedis();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await redis?.stop();
    await database.drop();
  });

  const connection = (over: Partial<QueueConnection> = {}): QueueConnection => ({
    databaseUrl: database.url,
    redisUrl: redis?.url,
    name: `moved-${randomUUID()}`,
    ...over,
  });
  const producer = (to: QueueConnection) => {
    const wakeups = createWakeups(to, log);
    open.push(wakeups);
    return wakeups;
  };
  /** Keeps the jobs as they came. */
  const consumer = (from: QueueConnection) => {
    const jobs: string[][] = [];
    const consuming = consumeConversations(from, log, async (conversationIds) => {
      jobs.push(conversationIds);
    });
    open.push(consuming);
    return { jobs, ...consuming };
  };
  const isOpen = (wakeups: ReturnType<typeof createWakeups>) =>
    expect.poll(async () => (await wakeups.health()).ok, { timeout: 10_000 }).toBe(true);

  it('a burst about the same conversations is few jobs of few ids, each conversation told of', async () => {
    const to = connection();
    const [wakeups, { jobs, ready }] = [producer(to), consumer(to)];
    await Promise.all([isOpen(wakeups), ready]);
    const enqueued = ids(250);
    for (let i = 0; i < 40; i++) wakeups.enqueue(enqueued);
    await expect.poll(() => new Set(jobs.flat()).size).toBe(250);
    expect(jobs.length).toBe(3);
    expect(Math.max(...jobs.map((job) => job.length))).toBe(JOB_CONVERSATIONS);
  });

  it('makes no temporary tables, whose dead rows would fill the catalog of the database', async () => {
    const to = connection();
    const [wakeups, { jobs, ready }] = [producer(to), consumer(to)];
    await Promise.all([isOpen(wakeups), ready]);
    const enqueued = ids(250);
    wakeups.enqueue(enqueued);
    await expect.poll(() => new Set(jobs.flat()).size).toBe(250);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // The schema of a connection's temporary tables stays when they are gone.
    const { rows } = await client.query(`select nspname from pg_namespace where nspname like 'pg_temp%'`);
    await client.end();
    expect(rows).toEqual([]);
  });

  it('what is told before a close is sent off', async () => {
    const to = connection();
    const [wakeups, { jobs, ready }] = [producer(to), consumer(to)];
    await Promise.all([isOpen(wakeups), ready]);
    const [id] = ids(1) as [string];
    wakeups.enqueue([id]);
    await wakeups.close();
    await expect.poll(() => jobs).toEqual([[id]]);
  });

  it('a job whose work fails does not stop the next', async () => {
    const to = connection();
    const wakeups = producer(to);
    const [bad, good] = ids(2) as [string, string];
    const done: string[] = [];
    const consuming = consumeConversations(to, log, async (conversationIds) => {
      done.push(...conversationIds);
      if (conversationIds.includes(bad)) throw new Error('cannot');
    });
    open.push(consuming);
    await Promise.all([isOpen(wakeups), consuming.ready]);
    wakeups.enqueue([bad]);
    await expect.poll(() => done).toEqual([bad]);
    wakeups.enqueue([good]);
    await expect.poll(() => done).toEqual([bad, good]);
  });

  it('rule 9: a queue that is away at start is no error, and is used once it is there', async () => {
    const later = await away();
    const to = connection(later.over);
    const [wakeups, { jobs }] = [producer(to), consumer(to)];
    expect(() => wakeups.enqueue(ids(3))).not.toThrow();
    expect((await wakeups.health()).ok).toBe(false);
    const remove = await later.appear();
    await isOpen(wakeups);
    const [id] = ids(1) as [string];
    await expect
      .poll(
        () => {
          wakeups.enqueue([id]);
          return jobs.flat();
        },
        { timeout: 15_000 },
      )
      .toContain(id);
    await Promise.all(open.splice(0).map((one) => one.close()));
    await remove();
  });

  /** An address where the queue is not yet. */
  const away = async () => {
    if (kind === 'redis') {
      const port = await freePort();
      return {
        over: { redisUrl: `redis://127.0.0.1:${port}` },
        appear: async () => (await testRedis(port)).stop,
      };
    }
    const name = `later_${randomUUID().replaceAll('-', '')}`;
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const admin = async (sql: string) => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(sql);
      await client.end();
    };
    return {
      over: { databaseUrl: url.href },
      appear: async () => {
        await admin(`create database ${name}`);
        return () => admin(`drop database ${name} with (force)`);
      },
    };
  };
});
