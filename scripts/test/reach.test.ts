import { connect, createServer } from 'node:net';
import { withDatabase } from '@lockstep/db/embedded';
import { freePort } from '@lockstep/testing';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { hasRedis, testRedis } from '@lockstep/testing/redis';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachPostgres, reachRedis } from '../lib/reach.ts';

const said = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'reached',
    (error: Error) => error.message,
  );

describe('DATABASE_URL', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const role = `role_${process.pid}`;
  beforeAll(async () => {
    database = await testDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`create role ${role} login password 'secret'`);
  });
  afterAll(async () => {
    await admin.query(`drop owned by ${role}`);
    await admin.query(`drop role ${role}`);
    await admin.end();
    await database.drop();
  });
  const as = (user: string, password: string, url = database.url) => {
    const other = new URL(url);
    Object.assign(other, { username: user, password });
    return other.href;
  };
  const name = () => new URL(database.url).pathname.slice(1);

  it('is fine as it is', async () => {
    expect(await said(reachPostgres(database.url))).toBe('reached');
  });

  it('of a role without rights is refused with what to grant; with that it goes', async () => {
    const line = await said(reachPostgres(as(role, 'secret')));
    expect(line).toContain(`DATABASE_URL: 127.0.0.1`);
    const [, grants = ''] = line.split('as its owner run: ');
    expect(grants).toBe(
      `grant create on database "${name()}" to "${role}"; grant create on schema public to "${role}"`,
    );
    await admin.query(grants);
    expect(await said(reachPostgres(as(role, 'secret')))).toContain('its tables belong to another user');
    await admin.query(`grant insert on conversation to ${role}`);
    expect(await said(reachPostgres(as(role, 'secret')))).toBe('reached');
  });

  it('without connections left, for reading only, with a wrong password, user or name: one line each', async () => {
    await admin.query(`alter role ${role} connection limit 0`);
    expect(await said(reachPostgres(as(role, 'secret')))).toMatch(
      /no connections left: raise max_connections/,
    );
    await admin.query(`alter role ${role} connection limit -1`);
    await admin.query(`alter role ${role} set default_transaction_read_only = on`);
    expect(await said(reachPostgres(as(role, 'secret')))).toMatch(/can only be read: .* name the primary$/);
    expect(await said(reachPostgres(as(role, 'wrong')))).toMatch(/: user or password is wrong$/);
    expect(await said(reachPostgres(as('nobody', 'x')))).toMatch(/: user or password is wrong$/);
    expect(await said(reachPostgres(withDatabase(database.url, 'nowhere')))).toContain('no such database');
  });

  it('that is not up yet is waited for, and only so long', async () => {
    const port = await freePort();
    const late = `postgresql://lockstep:x@127.0.0.1:${port}/lockstep`;
    expect(await said(reachPostgres(late))).toContain('nothing listens there');
    const waits: string[] = [];
    const target = new URL(database.url);
    const real = Number(target.port);
    target.port = String(port);
    const print = (line: string) => {
      waits.push(line);
      if (waits.length === 1) comeUp(port, real);
    };
    expect(await said(reachPostgres(target.href, { waitMs: 60_000, print }))).toBe('reached');
    expect(waits[0]).toMatch(
      /^DATABASE_URL: .* nothing listens there: .*\. Next attempt in 1 s, \d+ s left\.$/,
    );
  });

  it('that is not up yet is not waited for any longer when the start is stopped', async () => {
    const port = await freePort();
    const stop = new AbortController();
    const waiting = { waitMs: 60_000, signal: stop.signal, print: () => stop.abort() };
    const late = `postgresql://lockstep:x@127.0.0.1:${port}/lockstep`;
    expect(await said(reachPostgres(late, waiting))).toContain('nothing listens there');
  });
});

/** A server on this port: the way to the real one. */
const comeUp = (port: number, real: number): void => {
  createServer((socket) => {
    socket.pipe(connect(real, '127.0.0.1').on('error', () => {})).pipe(socket);
  })
    .listen(port, '127.0.0.1')
    .unref();
};

describe('REDIS_URL', () => {
  it('where nothing listens', async () => {
    const port = await freePort();
    expect(await said(reachRedis(`redis://127.0.0.1:${port}`))).toBe(
      `REDIS_URL: no Redis answers at 127.0.0.1:${port} (ECONNREFUSED): start it, mend the address, or unset REDIS_URL`,
    );
  });

  it.skipIf(!hasRedis())('that is not up yet is waited for', async () => {
    const redis = await testRedis();
    const port = await freePort();
    const waits: string[] = [];
    const print = (line: string) => {
      waits.push(line);
      if (waits.length === 1) comeUp(port, Number(new URL(redis.url).port));
    };
    expect(await said(reachRedis(`redis://127.0.0.1:${port}`, { waitMs: 60_000, print }))).toBe('reached');
    expect(waits[0]).toMatch(/^REDIS_URL: no Redis answers .*\. Next attempt in /);
    await redis.stop();
  });

  it.skipIf(!hasRedis())('with a password: right, wrong and none', async () => {
    const redis = await testRedis();
    const admin = new Redis(redis.url);
    await admin.config('SET', 'requirepass', 'secret');
    await admin.quit();
    const { host } = new URL(redis.url);
    expect(await said(reachRedis(redis.url))).toBe(
      `REDIS_URL: Redis at ${host} wants a password: REDIS_URL=redis://:password@${host}`,
    );
    expect(await said(reachRedis(`redis://:wrong@${host}`))).toContain('refuses the password');
    expect(await said(reachRedis(`redis://:secret@${host}`))).toBe('reached');
    await redis.stop();
  });
});
