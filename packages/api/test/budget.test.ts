import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiHandler } from '@lockstep/api';
import { actions } from '@lockstep/core';
import { API_PATH } from '@lockstep/protocol';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COSTS } from '../src/costs.ts';
import { type ApiServer, startApi } from './server.ts';

describe('the budget of a call', () => {
  let world: World;
  let api: ApiServer;
  let ann: TestPerson;
  let conversationId: string;
  beforeAll(async () => {
    world = await makeWorld();
    await world.core.search.index.prepare();
    api = await startApi(world.core);
    ann = await world.person('Ann');
    ({
      conversation: { id: conversationId },
    } = await actions.createGroup(ann.actor, world.core, { title: 'Trip', userIds: [] }));
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  /** Nobody reads the table until the work is done. */
  const whileLocked = async <T>(table: string, work: () => Promise<T>): Promise<T> => {
    const client = await world.core.db.pool.connect();
    try {
      await client.query(`begin; lock table "${table}" in access exclusive mode`);
      return await work();
    } finally {
      await client.query('rollback');
      client.release();
    }
  };

  test('a statement that takes too long is cancelled, and the call says that it would be too costly', async () => {
    const ask = () => api.call('messages.before', { conversationId }, { cookie: ann.cookie });
    const answers = await whileLocked('message', () => Promise.all([ask(), ask(), ask()]));
    for (const { status, error } of answers) expect([status, error?.code]).toEqual([422, 'too_costly']);
    // The connections are as good as before.
    expect((await Promise.all([ask(), ask(), ask()])).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('a write is not cancelled halfway', async () => {
    const send = () =>
      api.call(
        'messages.send',
        { conversationId, clientId: crypto.randomUUID(), body: 'hello' },
        { cookie: ann.cookie },
      );
    const rename = () =>
      api.call('conversations.rename', { conversationId, title: 'x' }, { cookie: ann.cookie });
    let settled = false;
    const answers = await whileLocked('message', async () => {
      const writes = Promise.all([send(), rename()]).finally(() => {
        settled = true;
      });
      // A read that has come later is stopped first.
      await api.call('messages.before', { conversationId }, { cookie: ann.cookie });
      expect(settled).toBe(false);
      return { writes };
    });
    expect((await answers.writes).map(({ status }) => status)).toEqual([200, 200]);
  });

  test('a search over its budget gives a partial answer and says so', async () => {
    const search = (path: string) => api.call(path, { text: 'hello' }, { cookie: ann.cookie });
    await whileLocked('conversation', async () => {
      expect((await search('search.messages')).data).toMatchObject({
        hits: [],
        reach: { cut: true, complete: false },
      });
      expect((await search('search.count')).data).toEqual({ count: 0, capped: true });
    });
  });

  test('digests of one account are made one after the other; one too many is refused', async () => {
    const { gate } = COSTS.digest;
    const digest = () => api.call('sync.digest', {}, { cookie: ann.cookie });
    const answers = await whileLocked('inbox_entry', () =>
      Promise.all(Array.from({ length: gate.waiting + 3 }, digest)),
    );
    const codes = answers.map(({ status }) => status);
    expect(codes.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
    expect(codes.filter((status) => status === 422).length).toBeGreaterThanOrEqual(1);
    const { error } = answers.find(({ status }) => status === 429) ?? {};
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: gate.waitMs });
    expect((await digest()).status).toBe(200);
  });

  test('is counted for each procedure', async () => {
    const handler = createApiHandler(world.core);
    const server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${API_PATH}`;
      const headers = { cookie: ann.cookie };
      const ask = async (path: string) => (await fetch(`${url}${path}`, { headers })).text();
      const whole = await ask('me.get');
      await ask('me.get,devices.list?batch=1');
      await ask('nothing.here');
      await whileLocked('session', () => Promise.resolve());
      const usage = handler.usage();
      expect(Object.keys(usage).sort()).toEqual(['devices.list', 'me.get']);
      expect(usage['me.get']).toMatchObject({
        calls: 2,
        cut: 0,
        tooCostly: 0,
        limited: 0,
        statements: 2,
        rows: 2,
      });
      expect(usage['me.get']?.maxBytes).toBeGreaterThanOrEqual(whole.length);
      expect(usage['devices.list']?.dbMs).toBeGreaterThan(0);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
