import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDrain, type Drain } from '../../server/http/drain.ts';

let server: Server;
let drain: Drain;
let agent: Agent;
let port = 0;
beforeEach(async () => {
  server = createServer();
  drain = createDrain(server);
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => server.closeAllConnections());

const ask = async (through?: Agent) => {
  const [response] = (await once(get({ port, agent: through }), 'response')) as [IncomingMessage];
  const body = (await response.toArray()).join('');
  return { status: response.statusCode, connection: response.headers.connection, body };
};

it('answers what is in hand, and takes nothing afterwards', async () => {
  const held: ServerResponse[] = [];
  server.on('request', (_req, res) => {
    if (drain.enter(res)) held.push(res);
  });
  const asked = async (through?: Agent) => {
    const count = held.length;
    const answer = ask(through);
    await expect.poll(() => held.length).toBe(count + 1);
    return { answer, res: held[count] as ServerResponse };
  };

  const slow = await asked();
  const kept = await asked(agent);
  kept.res.end('open');
  expect(await kept.answer).toMatchObject({ status: 200, connection: 'keep-alive', body: 'open' });

  const late = connect(port, '127.0.0.1');
  await once(server, 'connection');
  late.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
  const last = await asked(agent);
  let stopped = false;
  const stopping = drain.stop(60_000).then(() => {
    stopped = true;
  });
  last.res.end('before');
  expect(await last.answer).toMatchObject({ status: 200, connection: 'close', body: 'before' });
  await expect(ask()).rejects.toThrow('ECONNREFUSED');
  expect(stopped).toBe(false);
  slow.res.end('at last');
  expect(await slow.answer).toMatchObject({ status: 200, body: 'at last' });
  await stopping;
  late.write('\r\n');
  expect((await late.toArray()).join('')).toMatch(/^HTTP\/1\.1 503 /);
  expect(held).toHaveLength(3);
});

it('a connection that a proxy keeps is answered once more after leaving, and then closed', async () => {
  server.on('request', (_req, res) => void (drain.enter(res) && res.end('here')));
  expect(await ask(agent)).toMatchObject({ connection: 'keep-alive' });
  drain.leave();
  await expect(ask()).rejects.toThrow('ECONNREFUSED');
  expect(await ask(agent)).toMatchObject({ status: 200, connection: 'close', body: 'here' });
  await expect(ask(agent)).rejects.toThrow('ECONNREFUSED');
  await drain.stop(60_000);
});
