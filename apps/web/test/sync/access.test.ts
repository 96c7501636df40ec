import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions, createCore, silentPublisher } from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { createDb } from '@lockstep/db';
import type { EndedEvent } from '@lockstep/protocol';
import { createHttp } from '@lockstep/sync';
import { type TestDatabase, testDatabase } from '@lockstep/testing';
import pino from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Account, signIn, signUp, startWeb, type TestServer } from './server.ts';

/** Two web processes between which no push travels, and a script beside them: the database alone tells of a withdrawal. */
let database: TestDatabase;
let webs: TestServer[];
let db: ReturnType<typeof createDb>;
let script: ReturnType<typeof createCore>;
let ann: Account;

beforeAll(async () => {
  database = await testDatabase();
  // Sockets are also looked through every minute: here they never are, so that nothing else can end them.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  webs = [await startWeb(database.url), await startWeb(database.url)];
  ann = await signUp(first().url, 'Ann');
  db = createDb({ connectionString: database.url, poolSize: 2 });
  const settings = loadSettings({
    DATA_DIR: join(tmpdir(), 'lockstep-access'),
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'x'.repeat(40),
  });
  const log = pino({ level: 'silent' });
  script = createCore({ db, settings, publish: silentPublisher, enqueueConversations: () => {}, log });
});
afterAll(async () => {
  vi.useRealTimers();
  for (const web of webs) await web.close();
  await db.close();
  await database.drop();
});

const first = () => webs[0] as TestServer;

/** A device with a socket at each process, each of which remembers its session. */
const device = async (account: Account) => {
  const { me, headers } = await signIn(first().url, account.me);
  const sockets: Socket[] = [];
  for (const { url } of webs) {
    await createHttp({ url, headers: { ...headers, origin: url } }).query('me.get');
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { ...headers, origin: url },
    });
    await once(socket as never, 'ready');
    sockets.push(socket);
  }
  return { sessionId: me.sessionId, sockets, headers };
};

const refusedEverywhere = async (headers: Account['headers']) => {
  for (const { url } of webs)
    await expect(
      createHttp({ url, headers: { ...headers, origin: url } }).query('me.get'),
    ).rejects.toMatchObject({
      code: 'unauthenticated',
      data: { ended: 'revoked' },
    });
};

describe('access that is withdrawn by another process', () => {
  it.each([
    [
      'a deactivation',
      (userId: string) => actions.setPersonActive('command line', script, { userId, active: false }),
    ],
    [
      'signing a person out',
      (userId: string) => actions.endPersonSessions('command line', script, { userId }),
    ],
    [
      'a new password by link',
      async (userId: string) => {
        const { code } = await actions.makeResetLink('command line', script, { userId });
        await actions.resetPassword(
          script,
          { code, password: 'a new password' },
          { ipAddress: null, userAgent: null },
        );
      },
    ],
  ])('rule 10: %s ends sockets and requests at every process', async (_, withdraw) => {
    const ben = await signUp(first().url, 'Ben');
    const { sockets, headers } = await device(ben);
    const ended = sockets.map((socket) => once(socket as never, 'ended') as Promise<[EndedEvent]>);
    const closed = sockets.map((socket) => once(socket as never, 'disconnect'));
    await withdraw(ben.me.id);
    for (const event of ended) expect((await event)[0]).toEqual({ reason: 'revoked' });
    await Promise.all(closed);
    await refusedEverywhere(headers);
    // Others are left alone.
    expect(await ann.http.query('me.get')).toMatchObject({ id: ann.me.id });
  });

  it('rule 10: a role that is taken away is gone at every process', async () => {
    const cyd = await signUp(first().url, 'Cyd');
    const userId = cyd.me.id;
    const listAt = ({ url }: TestServer) =>
      createHttp({ url, headers: { ...cyd.headers, origin: url } }).query('admin.people', {});
    await actions.setPersonRole('command line', script, { userId, role: 'admin' });
    for (const web of webs) await expect.poll(() => listAt(web).catch(() => null)).not.toBeNull();
    await actions.setPersonRole('command line', script, { userId, role: 'member' });
    for (const web of webs) await expect.poll(() => listAt(web).catch(({ code }) => code)).toBe('forbidden');
  });

  it('rule 10: what was missed while the connection to the database was away is checked after it', async () => {
    const dan = await signUp(first().url, 'Dan');
    const { sockets, sessionId } = await device(dan);
    const closed = sockets.map((socket) => once(socket as never, 'disconnect'));
    // Without a notice: as if it had been told while nobody listened.
    await db.pool.query('delete from session where id = $1', [sessionId]);
    await db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'lockstep-access'`,
    );
    expect(await Promise.all(closed)).toHaveLength(webs.length);
  });
});
