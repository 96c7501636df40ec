import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health, PartHealth } from '@lockstep/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealth, diskHealth } from '../../server/health.ts';
import { answerHealth, answerLive, answerReady, type HealthOptions } from '../../server/health-answer.ts';

const fine = async (): Promise<PartHealth> => ({ ok: true, detail: 'fine' });
const never = () => new Promise<never>(() => {});
const partsWith = (parts: Partial<Parameters<typeof createHealth>[0]>) => ({
  ...{ database: fine, queue: fine, worker: fine, push: fine, search: fine, disk: fine },
  ...parts,
});

describe('health', () => {
  it('reports each part that hangs, and still answers', async () => {
    const { ok, parts } = await createHealth(partsWith({ database: never, worker: never, disk: never }))();
    expect(ok).toBe(false);
    for (const part of [parts.database, parts.worker, parts.disk])
      expect(part).toEqual({ ok: false, detail: 'no answer for 1 s' });
    expect(parts.search.ok).toBe(true);
  });

  it('does not query a hanging part again, and reports for how long it hangs', async () => {
    let now = 0;
    let asked = 0;
    const hang = () => {
      asked++;
      return never();
    };
    const health = createHealth(partsWith({ database: hang }), () => now);
    await health();
    now = 12_000;
    expect((await health()).parts.database.detail).toBe('no answer for 12 s');
    expect(asked).toBe(1);
  });

  it('asks once for all who come at the same time, and again later', async () => {
    let now = 0;
    let asked = 0;
    const count = () => {
      asked++;
      return fine();
    };
    const health = createHealth(partsWith({ queue: count }), () => now);
    await Promise.all(Array.from({ length: 100 }, health));
    expect(asked).toBe(1);
    now = 301;
    await health();
    expect(asked).toBe(2);
  });

  it.each([
    ['53100', 'disk full'],
    ['ENOSPC', 'disk full'],
    ['ECONNREFUSED', 'not reachable (ECONNREFUSED)'],
    ['XX000', 'XX000'],
    [undefined, 'not reachable'],
  ])('a part that fails with %s: %s, and no address or password', async (code, detail) => {
    const fail = () => Promise.reject(Object.assign(new Error('postgres://root:hunter2@db'), { code }));
    const { ok, parts } = await createHealth(
      partsWith({
        database: fail,
        queue: () => {
          throw new Error('x');
        },
      }),
    )();
    expect([ok, parts.database, parts.queue.ok]).toEqual([false, { ok: false, detail }, false]);
  });

  it('names a full disk, while reading goes on', async () => {
    const disk = (bytes: number) => diskHealth('/nowhere', async () => bytes);
    expect(await disk(0)).toEqual({ ok: false, detail: 'disk full: 0 MB free' });
    expect(await disk(128 * 1024 * 1024 - 1)).toEqual({ ok: false, detail: 'disk full: 134 MB free' });
    expect(await disk(128 * 1024 * 1024)).toEqual({ ok: true, detail: '134 MB free' });
    expect(await disk(12_345_678_901)).toEqual({ ok: true, detail: '12.3 GB free' });
    expect((await diskHealth('.')).detail).toMatch(/free$/);
    const { ok, parts } = await createHealth(partsWith({ disk: () => disk(0) }))();
    expect([ok, parts.disk.ok]).toEqual([true, false]);
  });
});

let server: Server;
const askServer = async (answer: RequestListener, headers: Record<string, string> = {}) => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers });
  return { status: response.status, body: await response.json() };
};
const stopServer = () => {
  server.closeAllConnections();
  server.close();
};

describe('GET /livez and /readyz', () => {
  afterEach(stopServer);
  const ready = (ok: boolean, isReady = true) =>
    askServer((_req, res) => void answerReady(res, { health: async () => ({ ok }), isReady: () => isReady }));

  it('alive is whoever answers', async () => {
    expect(await askServer((_req, res) => answerLive(res))).toEqual({ status: 200, body: { ok: true } });
  });

  it.each([
    ['while the database answers', true, true, 200],
    ['not without the database', false, true, 503],
    ['not while it starts and stops', true, false, 503],
  ])('ready %s', async (_, ok, isReady, status) => {
    expect(await ready(ok, isReady)).toEqual({ status, body: { ok: status === 200 } });
  });
});

describe('GET /healthz', () => {
  afterEach(stopServer);
  const state = { ok: true, version: '1', uptimeSeconds: 1, parts: {} } as Health;
  const ask = async (headers: Record<string, string>, options: Partial<HealthOptions> = {}) => {
    const all = { health: async () => state, isAdmin: async () => false, token: undefined, ...options };
    return askServer((req, res) => void answerHealth(req, res, all), headers);
  };
  const afar = { 'x-forwarded-for': '203.0.113.8' };
  const token = 'a-token-that-nobody-guesses';

  it('all of it on this machine', async () => {
    expect(await ask({})).toEqual({ status: 200, body: state });
    expect((await ask({}, { health: async () => ({ ...state, ok: false }) })).status).toBe(503);
  });

  it('nothing but yes or no for strangers', async () => {
    expect(await ask(afar)).toEqual({ status: 200, body: { ok: true } });
    for (const authorization of ['Bearer', 'Bearer undefined', `Bearer ${token}x`, token, `Basic ${token}`])
      expect((await ask({ ...afar, authorization }, { token })).body).toEqual({ ok: true });
    expect((await ask({ ...afar, authorization: 'Bearer undefined' })).body).toEqual({ ok: true });
  });

  it('all of it with the token, and for an admin', async () => {
    expect((await ask({ ...afar, authorization: `Bearer ${token}` }, { token })).body).toEqual(state);
    const isAdmin = async (cookie: string | undefined) => cookie === 'of=an-admin';
    expect((await ask({ ...afar, cookie: 'of=an-admin' }, { isAdmin })).body).toEqual(state);
    expect((await ask({ ...afar, cookie: 'of=ann' }, { isAdmin })).body).toEqual({ ok: true });
  });

  it('the admin check does not delay the answer if the database hangs', async () => {
    expect((await ask({ ...afar, cookie: 'a=b' }, { isAdmin: never })).body).toEqual({ ok: true });
    const fail = () => Promise.reject(new Error('away'));
    expect((await ask({ ...afar, cookie: 'a=b' }, { isAdmin: fail })).body).toEqual({ ok: true });
  });
});
