import { request } from 'node:http';
import { BATCH_SIZE } from '@lockstep/api';
import { actions } from '@lockstep/core';
import { API_PATH, ERROR_CODES, LIMITS } from '@lockstep/protocol';
import { procedures } from '@lockstep/protocol/contract';
import { makeWorld, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { type Fixture, makeFixture, makePeople, type People } from './fixture.ts';
import { type Answer, type ApiServer, ORIGIN, startApi } from './server.ts';

const HOSTILE: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '',
  ' ',
  'x',
  '\u0000',
  '\ud800',
  'a\u202eb',
  "'; drop table message; --",
  '../../etc/passwd',
  '00000000-0000-0000-0000-000000000000',
  '00000000-0000-4000-8000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'x'.repeat(9_000),
  [],
  [null],
  ['x'],
  [['00000000-0000-4000-8000-000000000000']],
  Array.from({ length: 1_000 }, () => crypto.randomUUID()),
  {},
  { $ne: null },
  { length: 3 },
];

describe('bad input', () => {
  let world: World;
  let api: ApiServer;
  let people: People;
  let fixture: Fixture;
  let cookie: string;
  beforeAll(async () => {
    world = await makeWorld();
    api = await startApi(world.core);
    people = await makePeople(world);
    fixture = await makeFixture(world, people);
    // Admin of the workspace and owner of the place: nothing is refused for want of rights.
    const all = await world.person('All', { role: 'admin' });
    cookie = all.cookie;
    const { conversationId } = fixture;
    await actions.addMembers(people.owner.actor, world.core, { conversationId, userIds: [all.id] });
    await actions.setRole(people.owner.actor, world.core, { conversationId, userId: all.id, role: 'owner' });
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  /** One of our codes with its status, and nothing of the inside. */
  const expectTyped = (answer: Answer, what: string) => {
    expect(answer.status, what).toBeLessThan(500);
    expect(answer.text, what).not.toMatch(/stack|node_modules|\.ts:\d|select |insert |violates|Prisma/i);
    if (answer.status === 200) return;
    // Node's own limit on the request line of a query: refused before it reaches us, without a body.
    if (answer.status === 431) return expect(answer.text, what).toBe('');
    expect(ERROR_CODES, what).toContain(answer.error?.code);
    expect(answer.error?.httpStatus, what).toBe(answer.status);
    expect(answer.error?.issues?.length ?? 0, what).toBeLessThanOrEqual(10);
  };

  for (const path of procedures.keys()) {
    test(`${path}: garbage in fixture of the input, and of each field`, async () => {
      const valid = CASES[path].input(fixture) as Record<string, unknown> | undefined;
      const inputs: unknown[] = [undefined, ...HOSTILE];
      for (const key of Object.keys(valid ?? {})) {
        for (const value of HOSTILE) inputs.push({ ...valid, [key]: value });
        const { [key]: _, ...without } = valid ?? {};
        inputs.push(without);
      }
      inputs.push({ ...valid, unknownKey: 1 });
      for (const input of inputs) {
        // Signing out works with any input; it must not end the session of the other tests.
        const session = path === 'auth.signOut' ? undefined : cookie;
        expectTyped(await api.call(path, input, { cookie: session }), JSON.stringify(input)?.slice(0, 120));
      }
    });
  }

  test('what is wrong is said, by path, without the rest', async () => {
    const { status, error, text } = await api.call(
      'messages.send',
      { conversationId: 'nonsense', clientId: crypto.randomUUID(), body: ' ', extra: true },
      { cookie },
    );
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'invalid_input', httpStatus: 400, path: 'messages.send' });
    expect(error?.issues?.map(({ path }) => path).sort()).toEqual(['', 'body', 'conversationId']);
    expect(JSON.parse(text).error.message).toBe('invalid_input');
  });

  test('text that Postgres cannot store is refused before it gets there', async () => {
    for (const body of ['a\u0000b', 'a\ud800b', '\udc00', '😀'.repeat(LIMITS.messageText + 1)]) {
      const input = { ...CASES['messages.send'].input(fixture), body };
      expect((await api.call('messages.send', input, { cookie })).error?.code).toBe('invalid_input');
    }
    const longest = {
      ...CASES['messages.send'].input(fixture),
      body: '😀'.repeat(LIMITS.messageText),
    };
    expect((await api.call('messages.send', longest, { cookie })).status).toBe(200);
  });

  const post = (path: string, body: BodyInit | null, headers: Record<string, string> = {}) =>
    api.raw(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, cookie, ...headers },
      body,
    });

  test('no JSON, no procedure, no such method', async () => {
    const json = { 'content-type': 'application/json', cookie, origin: ORIGIN };
    const cases: [Answer, number, string][] = [
      [await post('messages.send', '{"conversationId":'), 400, 'invalid_input'],
      [await post('messages.send', ''), 400, 'invalid_input'],
      [await post('nothing.here', '{}'), 404, 'not_found'],
      [await post('__proto__', '{}'), 404, 'not_found'],
      [await post('constructor', '{}'), 404, 'not_found'],
      [await post('messages', '{}'), 404, 'not_found'],
      [await post('', '{}'), 404, 'not_found'],
      [await post('me.get', '{}'), 405, 'invalid_input'],
      [await api.raw('messages.send?input=%7B%7D', { headers: { cookie } }), 405, 'invalid_input'],
      [await api.raw('me.get', { method: 'PUT', headers: json }), 405, 'invalid_input'],
      [await api.raw('me.get', { method: 'DELETE', headers: json }), 405, 'invalid_input'],
      [await api.raw('me.get', { method: 'DELETE', headers: { cookie } }), 415, 'invalid_input'],
      [await api.raw('people.search?input={', { headers: { cookie } }), 400, 'invalid_input'],
      [await api.raw('people.search?input=%00%ff', { headers: { cookie } }), 400, 'invalid_input'],
    ];
    for (const [n, [answer, status, code]] of cases.entries()) {
      expect([answer.status, answer.error?.code], `case ${n}: ${answer.text}`).toEqual([status, code]);
      expectTyped(answer, `case ${n}`);
    }
  });

  test('the fast path for sends answers as tRPC does (docs/adr/0008)', async () => {
    const good = CASES['messages.send'].input(fixture);
    const cases: [
      body: BodyInit,
      headers: Record<string, string>,
      status: number,
      code: string | undefined,
    ][] = [
      [JSON.stringify(good), {}, 200, undefined],
      [JSON.stringify({ ...good, body: '' }), {}, 400, 'invalid_input'],
      [JSON.stringify({ ...good, conversationId: crypto.randomUUID() }), {}, 404, 'not_found'],
      [JSON.stringify(null), {}, 400, 'invalid_input'],
      ['', {}, 400, 'invalid_input'],
      ['{"conversationId":', {}, 400, 'invalid_input'],
      [JSON.stringify(good), { cookie: '' }, 401, 'unauthenticated'],
      [JSON.stringify(good), { origin: 'http://evil.example.org' }, 403, 'wrong_origin'],
      [JSON.stringify({ body: 'x'.repeat(LIMITS.requestBytes) }), {}, 413, 'too_large'],
    ];
    for (const [n, [body, headers, status, code]] of cases.entries()) {
      const short = await post('messages.send', body, headers);
      // A query string, which tRPC ignores, keeps a request off the short way.
      const long = await post('messages.send?long', body, headers);
      expect([short.status, short.error?.code], `case ${n}`).toEqual([status, code]);
      expect(long.status, `case ${n}`).toBe(status);
      expect(JSON.parse(short.text), `case ${n}`).toEqual(JSON.parse(long.text));
      for (const header of ['content-type', 'cache-control'])
        expect(short.headers.get(header), `case ${n}`).toBe(long.headers.get(header));
      // Only the long way may be compressed: so the two were really two.
      expect([short.headers.get('vary'), long.headers.get('vary')], `case ${n}`).toEqual([
        null,
        expect.stringContaining('accept-encoding'),
      ]);
    }
  });

  test('other content types', async () => {
    const form = new FormData();
    form.set('conversationId', fixture.conversationId);
    const { 'content-type': _, ...headers } = { 'content-type': '', origin: ORIGIN, cookie };
    const answers = [
      await api.raw('messages.send', { method: 'POST', headers, body: form }),
      await post('messages.send', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      await post('messages.send', '{}', { 'content-type': 'text/plain' }),
      await post('messages.send', 'abc', { 'content-type': 'application/octet-stream' }),
    ];
    for (const answer of answers) {
      expect(answer.error?.code, answer.text).toBe('invalid_input');
      expectTyped(answer, answer.text);
    }
  });

  test('a batch has so many calls at most', async () => {
    const batch = (size: number) =>
      api.raw(`${Array.from({ length: size }, () => 'me.get').join(',')}?batch=1`, { headers: { cookie } });
    const most = await batch(BATCH_SIZE);
    expect(most.status).toBe(200);
    expect(JSON.parse(most.text)).toHaveLength(BATCH_SIZE);
    const tooMany = await batch(BATCH_SIZE + 1);
    expect(tooMany.status).toBe(400);
    const [first] = [JSON.parse(tooMany.text)].flat();
    expect(first.error.data.code).toBe('invalid_input');
  });

  test('calls of one batch fail alone', async () => {
    const answer = await api.raw('me.get,nothing.here?batch=1', { headers: { cookie } });
    const [one, two] = JSON.parse(answer.text);
    expect(one.result.data.role).toBe('admin');
    expect(two.error.data).toMatchObject({ code: 'not_found', httpStatus: 404 });
  });

  test('a body that is too large is refused, whether or not it says so', async () => {
    const body = JSON.stringify({ body: 'x'.repeat(LIMITS.requestBytes) });
    const reported = await post('messages.send', body);
    expect([reported.status, reported.error?.code]).toEqual([413, 'too_large']);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const streamed = request(`${api.url}${API_PATH}messages.send`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: ORIGIN,
          cookie,
          'transfer-encoding': 'chunked',
        },
      });
      streamed.once('response', (response) => resolve(response.statusCode));
      streamed.once('error', reject);
      streamed.end(body);
    });
    expect(status).toBe(413);
  });

  test('the contract is walked, and is not empty', () => {
    expect(Object.keys(CASES).sort()).toEqual([...procedures.keys()].sort());
    expect(procedures.size).toBeGreaterThan(60);
  });
});
