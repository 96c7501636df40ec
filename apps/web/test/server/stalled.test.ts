import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Health } from '@lockstep/protocol';
import { type TestDatabase, testDatabase } from '@lockstep/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWeb, type TestServer } from '../sync/server.ts';

/** A way to the database that stops passing anything on, without closing a connection. */
const stallingWay = async (databaseUrl: string) => {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let stalled = false;
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.on('data', (data) => void to.write(data));
      if (stalled) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const set = (value: boolean) => {
    stalled = value;
    for (const socket of sockets) value ? socket.pause() : socket.resume();
  };
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: url.href, stall: () => set(true), resume: () => set(false), close };
};

let database: TestDatabase;
let way: Awaited<ReturnType<typeof stallingWay>>;
let web: TestServer;
beforeAll(async () => {
  database = await testDatabase();
  way = await stallingWay(database.url);
  web = await startWeb(way.url);
});
afterAll(async () => {
  way.resume();
  await web.close();
  way.close();
  await database.drop();
});

it('a stalled database is reported without waiting for it, and is not queried again by each request', async () => {
  const health = async () => (await (await fetch(`${web.url}/healthz`)).json()) as Health;
  expect(await health()).toMatchObject({ ok: true, parts: { database: { ok: true }, disk: { ok: true } } });
  way.stall();
  await expect.poll(async () => (await health()).ok).toBe(false);
  const answers = await Promise.all(Array.from({ length: 40 }, health));
  for (const { ok, parts } of answers) {
    expect(ok).toBe(false);
    expect(parts.database).toEqual({ ok: false, detail: expect.stringMatching(/^no answer for \d+ s$/) });
    expect(parts.disk.ok).toBe(true);
  }
  const { totalCount, waitingCount } = web.backend.core.db.pool;
  expect(totalCount + waitingCount).toBeLessThan(10);
  way.resume();
  await expect.poll(async () => (await health()).ok, { timeout: 30_000 }).toBe(true);
});
