import { once } from 'node:events';
import type { EndedEvent } from '@lockstep/protocol';
import { createHttp } from '@lockstep/sync';
import { type TestDatabase, testDatabase } from '@lockstep/testing';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Account, signIn, signUp, startWeb, type TestServer } from './server.ts';

/** Two web processes on one database, as behind a balancer; pushes travel between them over Postgres. */
let database: TestDatabase;
let one: TestServer;
let two: TestServer;

const start = () => startWeb(database.url, { PUSH: 'postgres' });

beforeAll(async () => {
  database = await testDatabase();
  // Sockets are also looked through every minute: here they never are, so that nothing but the notice can end them.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  [one, two] = [await start(), await start()];
});
afterAll(async () => {
  vi.useRealTimers();
  await one.close();
  await two.close();
  await database.drop();
});

type Cookie = Pick<Account['headers'], 'cookie'>;

/** The API of a process, for a device that came in at the first. */
const apiOf = ({ url }: TestServer, { cookie }: Cookie) =>
  createHttp({ url, headers: { cookie, origin: url } });

const connect = ({ url }: TestServer, { cookie }: Cookie): Socket =>
  io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie, origin: url },
  });

describe('revoking a device', () => {
  it('rule 10: signs it out at once, sockets and requests, also at another process', async () => {
    const laptop = await signUp(one.url, 'Ann');
    for (const web of [one, two]) {
      const phone = await signIn(one.url, laptop.me);
      expect(await apiOf(web, phone.headers).query('me.get')).toMatchObject({ id: laptop.me.id });
      const socket = connect(web, phone.headers);
      await once(socket as never, 'ready');
      const list = () => laptop.http.query('devices.list');
      const online = async () => (await list()).devices.find(({ id }) => id === phone.me.sessionId)?.online;
      // Between processes, notices are heard some time after the start.
      await expect.poll(online).toBe(true);

      const ended = once(socket as never, 'ended') as Promise<[EndedEvent]>;
      const closed = once(socket as never, 'disconnect');
      await laptop.http.mutate('devices.revoke', { deviceId: phone.me.sessionId });
      expect((await ended)[0]).toEqual({ reason: 'revoked' });
      await closed;
      const refused = { code: 'unauthenticated', data: { ended: 'revoked' } };
      await expect(apiOf(web, phone.headers).query('me.get')).rejects.toMatchObject(refused);
      await expect(apiOf(web, phone.headers).mutate('messages.send', {} as never)).rejects.toMatchObject(
        refused,
      );

      const again = connect(web, phone.headers);
      const [error] = (await once(again as never, 'connect_error')) as [Error & { data: unknown }];
      expect(error.data).toEqual({ code: 'unauthenticated', ended: 'revoked' });
      expect((await list()).devices.map(({ id }) => id)).toEqual([laptop.me.sessionId]);
    }
  });
});
