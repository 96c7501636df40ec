import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEngine, createTransport, type Engine, systemClock } from '@lockstep/sync';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWebServer } from '../../server/http/web-server.ts';
import { signUp, startServer, type TestServer, until } from './server.ts';

// A proxy as nginx is without `proxy_set_header Upgrade`: sockets do not get through, calls do.

let proxy: Server;
let web: Server;
let server: TestServer;
let url: string;
const lines: string[] = [];

const portOf = async (listening: Server): Promise<number> => {
  await once(listening.listen(0, '127.0.0.1'), 'listening');
  return (listening.address() as AddressInfo).port;
};

beforeAll(async () => {
  let target = 0;
  proxy = createServer((req, res) => {
    const { upgrade: _, connection: __, ...headers } = req.headers;
    const forward = request(
      { port: target, host: '127.0.0.1', method: req.method, path: req.url, headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    forward.on('error', () => res.destroy());
    req.pipe(forward);
  });
  url = `http://127.0.0.1:${await portOf(proxy)}`;
  server = await startServer({ PUBLIC_URL: url, TRUST_PROXY: 'on' });
  ({ server: web } = createWebServer({
    headers: { publicUrl: url, dev: false },
    limits: { total: 100, perAddress: 100 },
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    trustProxy: true,
    routes: server.backend.routes,
    isOurHost: () => true,
    sockets: server.backend.sockets,
  }));
  target = await portOf(web);
});
afterAll(async () => {
  for (const one of [proxy, web]) {
    one.closeAllConnections();
    one.close();
  }
  await server.close();
});

/** Waits a tenth of the time. */
const clock: typeof systemClock = {
  ...systemClock,
  setTimeout: (work, ms) => systemClock.setTimeout(work, ms / 10),
};

it('devices say that live updates are blocked, and go on by calls', async () => {
  const ann = await signUp(url, 'Ann');
  const ben = await signUp(url, 'Ben');
  const made = await ann.http.mutate('conversations.createGroup', { title: 'Tea', userIds: [ben.me.id] });
  const { id } = made.conversation;
  const transport = createTransport({ url, headers: ben.headers });
  const engine: Engine = createEngine({ userId: ben.me.id, transport, clock });
  engine.start();
  await until(engine, 'sockets are blocked', () => engine.getState().blocked === 'sockets');
  await engine.open(id);
  await ann.http.mutate('messages.send', {
    conversationId: id,
    clientId: crypto.randomUUID(),
    body: 'hello',
  });
  const bodies = () => (engine.getState().timelines.get(id)?.messages ?? []).map(({ body }) => body);
  await until(engine, 'it comes by a poll', () => bodies().includes('hello'));
  engine.stop();
  expect(lines).toEqual([]);
});
