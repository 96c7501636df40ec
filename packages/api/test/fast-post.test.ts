import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LockstepError } from '@lockstep/protocol';
import type { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import type { ApiContext } from '../src/context.ts';
import { fastPost } from '../src/fast-post.ts';
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
