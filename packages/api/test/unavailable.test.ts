import { createCore, silentPublisher } from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { createDb } from '@lockstep/db';
import { freePort, makeWorld, type World } from '@lockstep/testing';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApi } from './server.ts';

describe('without a database', () => {
  let world: World;
  let api: ApiServer;
  let cookie: string;
  let db: ReturnType<typeof createDb>;
  beforeAll(async () => {
    world = await makeWorld();
    cookie = (await world.person('Ann')).cookie;
    const url = `postgres://nobody:nothing@127.0.0.1:${await freePort()}/none`;
    db = createDb({ connectionString: url });
    const settings = loadSettings({
      DATABASE_URL: url,
      AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
      PUBLIC_URL: 'http://chat.example.org',
    });
    const log = pino({ level: 'silent' });
    api = await startApi(
      createCore({ db, settings, publish: silentPublisher, enqueueConversations: () => {}, log }),
    );
  });
  afterAll(async () => {
    await api.close();
    await db.close();
    await world.close();
  });

  test('every kind of call says unavailable, 503, and nothing of the inside', async () => {
    const credentials = { email: 'a@example.org', password: 'correct horse' };
    for (const answer of [
      await api.call('workspace.status', undefined),
      await api.call('me.get', undefined, { cookie }),
      await api.call('auth.signIn', credentials),
      await api.call('auth.signUp', { ...credentials, name: 'Ann' }),
    ]) {
      expect([answer.status, answer.error?.code], answer.text).toEqual([503, 'unavailable']);
      expect(answer.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|stack/);
    }
  });
});
