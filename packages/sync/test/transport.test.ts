import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Transport } from '../src/ports.ts';
import { withRateLimitRetry } from '../src/rate-limit-retry.ts';
import { createApi } from '../src/transport/api.ts';
import { createHttp } from '../src/transport/http.ts';
import { createTransport } from '../src/transport/transport.ts';

let server: Server;
let url: string;
let asked: unknown[];
let answer: [status: number, text: string];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const input = body || searchParams.get('input');
    asked.push([request.method, pathname.replace('/api/trpc/', ''), input && JSON.parse(input)]);
    response.writeHead(answer[0], { 'content-type': request.headers.cookie ?? 'text/plain' }).end(answer[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
const answers = (status: number, body: unknown) => {
  asked = [];
  answer = [status, typeof body === 'string' ? body : JSON.stringify(body)];
};

type Name = Exclude<keyof Transport, 'connect'>;
type Call = { [K in Name]: [K, Parameters<Transport[K]>, string, string, object] }[Name];
const CALLS: Call[] = [
  ['inbox', [7, 50, [], 9], 'GET', 'sync.inbox', { afterPos: 7, limit: 50, timelines: [], peopleRev: 9 }],
  ['entry', ['c'], 'GET', 'conversations.get', { conversationId: 'c' }],
  ['changes', ['c', 4, 50], 'GET', 'sync.changes', { conversationId: 'c', afterRev: 4, limit: 50 }],
  ['before', ['c', 4, 50], 'GET', 'messages.before', { conversationId: 'c', limit: 50, seq: 4 }],
  ['before', ['c', null, 50], 'GET', 'messages.before', { conversationId: 'c', limit: 50 }],
  ['after', ['c', 4, 50], 'GET', 'messages.after', { conversationId: 'c', seq: 4, limit: 50 }],
  ['around', ['c', 4, 50], 'GET', 'messages.around', { conversationId: 'c', seq: 4, limit: 50 }],
  [
    'send',
    ['c', 'id', { body: 'a', content: {} }],
    'POST',
    'messages.send',
    { conversationId: 'c', clientId: 'id', body: 'a', content: {} },
  ],
  [
    'edit',
    ['c', 4, 'a', 5],
    'POST',
    'messages.edit',
    { conversationId: 'c', seq: 4, body: 'a', baseEditedAt: 5 },
  ],
  ['recall', ['c', 4], 'POST', 'messages.recall', { conversationId: 'c', seq: 4 }],
  [
    'annotate',
    ['messages.recall', { conversationId: 'c', seq: 4, on: true }],
    'POST',
    'messages.recall',
    { conversationId: 'c', seq: 4, on: true },
  ],
  ['read', ['c', 4], 'POST', 'sync.read', { conversationId: 'c', seq: 4 }],
  ['personal', ['c', { pinned: true }], 'POST', 'sync.personal', { conversationId: 'c', pinned: true }],
  ['draft', ['c', 'a', 2], 'POST', 'sync.draft', { conversationId: 'c', text: 'a', baseVersion: 2 }],
  ['receipts', ['c'], 'GET', 'sync.receipts', { conversationId: 'c' }],
  ['digest', [[]], 'POST', 'sync.digest', { ranges: [] }],
  ['atTime', ['c', 8], 'GET', 'messages.atTime', { conversationId: 'c', at: 8 }],
  ['people', [['a']], 'GET', 'people.get', { userIds: ['a'] }],
  ['peopleChanges', [3, 50], 'GET', 'people.changes', { afterRev: 3, limit: 50 }],
];

describe('each call goes out as the server knows it, and brings its answer', () => {
  const clock = { setTimeout, clearTimeout, now: Date.now } as unknown as Parameters<
    typeof withRateLimitRetry
  >[1];
  for (const [name, args, method, path, input] of CALLS)
    test(`${name} ${JSON.stringify(args)}`, async () => {
      for (const transport of [
        createTransport({ url }),
        withRateLimitRetry(createTransport({ url }), clock, () => 0),
      ]) {
        answers(200, { result: { data: `of ${path}` } });
        const result = await (transport[name] as (...given: unknown[]) => Promise<unknown>)(...args);
        expect([asked, result]).toEqual([[[method, path, input]], `of ${path}`]);
      }
    });

  it('every call of the transport is tested', () => {
    const names = Object.keys(createTransport({ url })).filter((name) => name !== 'connect');
    expect([...new Set(CALLS.map(([name]) => name))].sort()).toEqual(names.sort());
  });
});

describe('the calls of an interface', () => {
  it('go by the name as it is written, as what they are', async () => {
    const api = createApi({ url, timeoutMs: null });
    answers(200, { result: { data: [] } });
    const conversationId = 'c';
    expect(await api.messages.versions.query({ conversationId, seq: 4 })).toEqual([]);
    await api.conversations.leave.mutate({ conversationId });
    await api.devices.list.query();
    await api.auth.signOut.mutate();
    expect(asked).toEqual([
      ['GET', 'messages.versions', { conversationId, seq: 4 }],
      ['POST', 'conversations.leave', { conversationId }],
      ['GET', 'devices.list', null],
      ['POST', 'auth.signOut', null],
    ]);
    expect(api.messages.versions).toBe(api.messages.versions);
  });

  it('end when they are not wanted any more, before and while they are made', async () => {
    const abort = new AbortController();
    let began = () => {};
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const silent: typeof fetch = (_, init) => {
      began();
      return new Promise((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      );
    };
    const api = createApi({ url, fetch: silent });
    const call = api.people.search.query({ query: 'a' }, { signal: abort.signal });
    await begun;
    abort.abort(new Error('typed on'));
    await expect(call).rejects.toThrow('typed on');
    const late = createApi({ url }).me.get.query(undefined, { signal: abort.signal });
    await expect(late).rejects.toThrow('typed on');
  });

  it('have no answer in time, where there is a time', async () => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      );
    await expect(createHttp({ url, fetch: silent, timeoutMs: 1 }).query('me.get')).rejects.toThrow(
      'no answer in time',
    );
  });
});

describe('an answer that is not in the format', () => {
  const failure = async (status: number, body: unknown) => {
    answers(status, body);
    return createHttp({ url })
      .query('me.get')
      .then(
        () => null,
        ({ code, message, data }) => ({ code, message, data }),
      );
  };
  it('rejects with the error of the server', async () => {
    const error = { message: 'too many', data: { code: 'rate_limited', retryAfterMs: 5 } };
    expect(await failure(429, { error })).toEqual({
      ...{ code: 'rate_limited', message: 'too many', data: { retryAfterMs: 5 } },
    });
    expect(asked).toEqual([['GET', 'me.get', null]]);
  });

  it.each([
    [502, '<html>', 'status 502 and no JSON'],
    [200, 'null', 'status 200'],
    [404, '{}', 'status 404'],
    [500, '{"error":{}}', 'status 500'],
  ])('%i %s: the outcome is unknown', async (status, body, message) => {
    expect(await failure(status, body)).toEqual({ code: 'unavailable', message, data: {} });
  });

  it('carries the headers that Node has no cookie jar for', async () => {
    answers(200, { result: { data: 1 } });
    let type: string | null = null;
    const looked: typeof fetch = async (...args) => {
      const response = await fetch(...args);
      type = response.headers.get('content-type');
      return response;
    };
    await createHttp({ url, headers: { cookie: 'a=b' }, fetch: looked }).query('me.get');
    expect(type).toBe('a=b');
  });
});
