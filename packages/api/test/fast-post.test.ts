import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LockstepError } from '@lockstep/protocol';
import type { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import type { ApiContext } from '../src/context.ts';
import { refuse } from '../src/errors.ts';
import { fastPost, isFastPost } from '../src/fast-post.ts';
import { createRouter } from '../src/router.ts';

test('a client that goes away in the middle of its body leaves no call open', async () => {
  const refused: string[] = [];
  const post = fastPost('messages.send', {
    router: createRouter({ checkOutputs: true }),
    context: () => ({}) as ApiContext,
    onError: (error: TRPCError) => void refused.push((error.cause as LockstepError).code),
    headers: () => ({}),
  });
  let answered: Promise<void> | undefined;
  const server = createServer((req, res) => {
    answered = post(req, res);
    req.once('data', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = request({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    method: 'POST',
    headers: { 'content-length': 1_000 },
  });
  client.on('error', () => {});
  client.write('{"half":');
  await new Promise((resolve) => client.once('close', resolve));
  await answered;
  expect(refused).toEqual(['invalid_input']);
  server.close();
});

test('an answer is kept by nobody, and a refusal says when to come back', async () => {
  const post = fastPost('messages.send', {
    router: createRouter({ checkOutputs: true }),
    context: () => {
      throw refuse('rate_limited', { retryAfterMs: 1_500 });
    },
    onError: () => {},
    headers: () => ({ 'retry-after': '2' }),
  });
  const server = createServer((req, res) => void post(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: '{}' });
  expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('cache-control')]).toEqual([
    ...[429, '2', 'no-store'],
  ]);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.json()).toMatchObject({
    error: { data: { code: 'rate_limited', retryAfterMs: 1_500, path: 'messages.send' } },
  });
  server.close();
  server.closeAllConnections();
});

test.each([
  ['a mutation alone in its POST', {}, true],
  ['with a character set', { type: 'application/json; charset=utf-8' }, true],
  ['a GET', { method: 'GET' }, false],
  ['a batch', { url: '/api/trpc/messages.send,me.get?batch=1' }, false],
  ['another procedure', { url: '/api/trpc/messages.edit' }, false],
  ['a form', { type: 'multipart/form-data' }, false],
  ['a type that only ends so', { type: 'text/application/json' }, false],
  ['no type', { type: undefined }, false],
])('%s goes the fast way: %j, %s', (_, change, isFast) => {
  const { method, url, type } = {
    ...{ method: 'POST', url: '/api/trpc/messages.send', type: 'application/json' as string | undefined },
    ...change,
  };
  const req = { method, url, headers: { 'content-type': type } } as unknown as IncomingMessage;
  expect(isFastPost(req, '/api/trpc/messages.send')).toBe(isFast);
});
