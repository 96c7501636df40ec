import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { loadSettings } from '@lockstep/core/settings';
import type { DeviceList, EndedEvent, Me } from '@lockstep/protocol';
import { createHttp } from '@lockstep/sync';
import { freePort, type TestDatabase, testDatabase } from '@lockstep/testing';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, createBackend } from '../../backend.ts';

/** Two web processes on one database, as behind a balancer; pushes travel between them over Postgres. */
let database: TestDatabase;
let one: Web;
let two: Web;
interface Web {
  url: string;
  close(): Promise<void>;
}

const startWeb = async (): Promise<Web> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    PUBLIC_URL: url,
    PORT: String(port),
    PUSH: 'postgres',
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'fatal',
  });
  const backend: Backend = await createBackend(settings);
  const server: Server = createServer((req, res) => {
    if (!backend.handle(req, res)) res.writeHead(404).end();
  });
  backend.attach(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    await backend.close();
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
};

beforeAll(async () => {
  database = await testDatabase();
  [one, two] = [await startWeb(), await startWeb()];
});
afterAll(async () => {
  await one.close();
  await two.close();
  await database.drop();
});

const password = 'a long password';
const signIn = async (path: 'auth.signUp' | 'auth.signIn', input: object) => {
  let cookie = '';
  const remember: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    return response;
  };
  const me = await createHttp({ url: one.url, headers: { origin: one.url }, fetch: remember }).mutate<Me>(
    path,
    { ...input, password },
  );
  const at = ({ url }: Web) => createHttp({ url, headers: { cookie, origin: url } });
  return { me, cookie, at };
};

const connect = ({ url }: Web, cookie: string): Socket =>
  io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie, origin: url },
  });

describe('revoking a device', () => {
  it('rule 10: signs it out within a second, sockets and requests, also at another process', async () => {
    const email = `${crypto.randomUUID()}@example.org`;
    const laptop = await signIn('auth.signUp', { name: 'Ann', email });
    for (const web of [one, two]) {
      const phone = await signIn('auth.signIn', { email });
      expect(await phone.at(web).query<Me>('me.get')).toMatchObject({ id: laptop.me.id });
      const socket = connect(web, phone.cookie);
      await once(socket as never, 'ready');
      const list = () => laptop.at(one).query<DeviceList>('devices.list');
      const online = async () => (await list()).devices.find(({ id }) => id === phone.me.sessionId)?.online;
      // Between processes, notices are heard some time after the start.
      await expect.poll(online, { timeout: 15_000 }).toBe(true);

      const ended = once(socket as never, 'ended') as Promise<[EndedEvent]>;
      const closed = once(socket as never, 'disconnect');
      const at = performance.now();
      await laptop.at(one).mutate('devices.revoke', { deviceId: phone.me.sessionId });
      expect((await ended)[0]).toEqual({ reason: 'revoked' });
      await closed;
      expect(performance.now() - at).toBeLessThan(1_000);
      const refused = { code: 'unauthenticated', data: { ended: 'revoked' } };
      await expect(phone.at(web).query('me.get')).rejects.toMatchObject(refused);
      await expect(phone.at(web).mutate('messages.send', {})).rejects.toMatchObject(refused);

      const again = connect(web, phone.cookie);
      const [error] = (await once(again as never, 'connect_error')) as [Error & { data: unknown }];
      expect(error.data).toEqual({ code: 'unauthenticated', ended: 'revoked' });
      expect((await list()).devices.map(({ id }) => id)).toEqual([laptop.me.sessionId]);
    }
  });
});
