import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebServer, type WebServerOptions } from '../../server/http/web-server.ts';
import { askRaw, openRaw, parseAnswer, readAll } from './raw.ts';

let server: Server;
let seen: string[] = [];
let pending: ServerResponse[] = [];
let lines: string[] = [];
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const openConnections = () =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));

const start = async (options: Partial<WebServerOptions> = {}): Promise<number> => {
  [seen, pending, lines] = [[], [], []];
  ({ server } = createWebServer({
    headers: { publicUrl: 'https://chat.example.org', dev: false },
    limits: { total: 100, perAddress: 100 },
    trustProxy: false,
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    routes: [
      { path: '/page', isPage: true, answer: (_req, res) => void res.end('page') },
      {
        path: '/',
        answer: ({ url }: IncomingMessage, res) => {
          seen.push(url ?? '');
          if (url?.endsWith('/held')) pending.push(res);
          else if (url === '/throws') throw new Error('a defect');
          else if (url === '/large') res.end(Buffer.alloc(64 * 1024 * 1024));
          else res.end('handled');
        },
      },
    ],
    isOurHost: ({ headers }) => headers.host !== 'evil.example',
    sockets: (_req, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    ...options,
  }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};

const request = (line: string, ...headers: string[]) =>
  [line, 'Host: chat.example.org', 'Connection: close', ...headers, '', ''].join('\r\n');
const webSocket = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];
const SOCKETS = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1';
const tree = (value: unknown) => `next-router-state-tree: ${encodeURIComponent(JSON.stringify(value))}`;
const upgrade = (line: string, headers = webSocket) =>
  [line, 'Host: chat.example.org', ...headers, '', ''].join('\r\n');

describe('what comes in', () => {
  it.each([
    ['a path', request('GET /c/1?x=//y#z HTTP/1.1'), 200],
    ['a path of a file', request('GET /_next/static/%5Broot%5D/[x]@1.js HTTP/1.1'), 200],
    ['HEAD', request('HEAD / HTTP/1.1'), 200],
    ['a call', request('POST /api/trpc/me.get HTTP/1.1', 'Content-Length: 0'), 200],
    ['an old client', 'GET / HTTP/1.0\r\n\r\n', 200],
    ['IPv6', 'GET / HTTP/1.1\r\nHost: [::1]:3000\r\nConnection: close\r\n\r\n', 200],
    [
      'the router',
      request('GET / HTTP/1.1', 'RSC: 1', tree(['', { children: ['c', {}] }, null, 'refetch'])),
      200,
    ],
    ['a page', request('GET /page HTTP/1.1'), 200],
    ['a defect', request('GET /throws HTTP/1.1'), 500],

    ['two slashes', request('GET // HTTP/1.1'), 400],
    ['another host after two slashes', request('GET //evil.example/%2e%2e HTTP/1.1'), 400],
    ['a backslash', request('GET /\\evil.example/ HTTP/1.1'), 400],
    ['a tab', request('GET /%09/evil.example/ HTTP/1.1'), 400],
    ['NUL', request('GET /c/%00 HTTP/1.1'), 400],
    ['half a character', request('GET /%E0%A4%A HTTP/1.1'), 400],
    ['a character that is not encoded', request('GET /\u00e9 HTTP/1.1'), 400],
    ['a star', request('GET * HTTP/1.1'), 400],
    ['OPTIONS *', request('OPTIONS * HTTP/1.1'), 405],
    ['an absolute address', request('GET http://evil.example/ HTTP/1.1'), 400],
    ['an address as for CONNECT', request('GET evil.example:443 HTTP/1.1'), 400],
    ['CONNECT', request('CONNECT evil.example:443 HTTP/1.1'), 405],
    ['TRACE', request('TRACE / HTTP/1.1'), 405],
    ['TRACE of the API', request('TRACE /api/trpc/me.get HTTP/1.1'), 405],
    ['a form before the page is live', request('POST /sign-in HTTP/1.1', 'Sec-Fetch-Mode: navigate'), 303],
    ['a page of another host', 'GET /page HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 421],
    ['PUT', request('PUT / HTTP/1.1', 'Content-Length: 0'), 405],
    ['DELETE', request('DELETE /api/trpc/me.get HTTP/1.1'), 405],
    [
      'POST to a page',
      `${request('POST /sign-in HTTP/1.1', 'Content-Length: 2', 'next-action: 40aa')}[]`,
      405,
    ],
    ['a long address', request(`GET /${'a'.repeat(13_000)} HTTP/1.1`), 414],
    ['long headers', request('GET / HTTP/1.1', `x: ${'a'.repeat(20_000)}`), 431],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two hosts', request('GET / HTTP/1.1', 'Host: evil.example'), 400],
    ['an odd host', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['a broken host', 'GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n', 400],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
    ['an expectation', request('GET / HTTP/1.1', 'Expect: nonsense'), 417],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['two lengths', request('POST /api/x HTTP/1.1', 'Content-Length: 4', 'Content-Length: 5'), 400],
    [
      'a length and chunks',
      request('POST /api/x HTTP/1.1', 'Content-Length: 4', 'Transfer-Encoding: chunked'),
      400,
    ],
    ['a bad chunk', `${request('POST /api/held HTTP/1.1', 'Transfer-Encoding: chunked')}zz\r\n`, 400],
    [
      'a router state that is none',
      request('GET / HTTP/1.1', 'RSC: 1', 'next-router-state-tree: garbage'),
      400,
    ],
    ['an empty router state', request('GET / HTTP/1.1', tree([])), 400],
    ['an odd segment', request('GET / HTTP/1.1', tree([['x', 'y', 'z', null], {}])), 400],
    ['a deep router state', request('GET / HTTP/1.1', `next-router-state-tree: ${'%5B'.repeat(2_000)}`), 400],
    ['an odd RSC', request('GET / HTTP/1.1', 'RSC: yes'), 400],
    ['another next-url', request('GET / HTTP/1.1', 'RSC: 1', 'next-url: //evil.example'), 400],
    ['polling', request('GET /socket.io/?EIO=4&transport=polling HTTP/1.1'), 400],
    [
      'polling by POST',
      request('POST /socket.io/?EIO=4&transport=polling HTTP/1.1', 'Content-Length: 0'),
      405,
    ],
    ['sockets that are not asked to upgrade', request(SOCKETS), 400],

    ['an upgrade elsewhere', upgrade('GET /sign-up HTTP/1.1'), 404],
    ['an upgrade of nothing', upgrade('GET // HTTP/1.1'), 400],
    ['an upgrade by POST', upgrade('POST /socket.io/?EIO=4&transport=websocket HTTP/1.1'), 405],
    ['HTTP/2', upgrade('GET / HTTP/1.1', ['Connection: Upgrade', 'Upgrade: h2c']), 404],
    ['an upgrade of an old version', upgrade('GET /socket.io/?EIO=3&transport=websocket HTTP/1.1'), 400],
    ['an upgrade of two versions', upgrade('GET /socket.io/?EIO=4&EIO=3&transport=websocket HTTP/1.1'), 400],
    ['an upgrade of polling', upgrade('GET /socket.io/?EIO=4&transport=polling HTTP/1.1'), 400],
    ['an upgrade of another session', upgrade(`${SOCKETS.replace(' HTTP', '&sid=x HTTP')}`), 400],
    ['a key that is none', upgrade(SOCKETS, [...webSocket.slice(0, 3), 'Sec-WebSocket-Key: x']), 400],
    ['a subprotocol', upgrade(SOCKETS, [...webSocket, 'Sec-WebSocket-Protocol: ,']), 400],
    ['a socket', upgrade(SOCKETS), 101],
  ])('%s', async (_, bytes, status) => {
    const port = await start();
    const answer = await askRaw(port, bytes);
    expect(answer.status).toBe(status);
    if (status === 101) return;
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': expect.any(String),
    });
    if (status >= 400 && status !== 500 && status !== 421)
      expect(seen.filter((url) => url !== '/api/held')).toEqual([]);
    if (status === 405) expect(answer.headers.allow).toContain('GET');
    expect(lines).toHaveLength(status === 500 ? 1 : 0);
  });

  it('a connection goes on after a refusal', async () => {
    const port = await start();
    const socket = await openRaw(port);
    socket.write('GET // HTTP/1.1\r\nHost: a\r\n\r\nTRACE / HTTP/1.1\r\nHost: a\r\n\r\n');
    socket.write(request('GET /last HTTP/1.1'));
    const text = await readAll(socket);
    expect([...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => match[1])).toEqual(['400', '405', '200']);
    expect(seen).toEqual(['/last']);
  });

  it.each([
    [false, 1],
    [true, 0],
  ])('X-Forwarded-For with TRUST_PROXY %s: %s warning, however often it comes', async (trustProxy, count) => {
    const port = await start({ trustProxy });
    for (let n = 0; n < 3; n++)
      await askRaw(port, request('GET / HTTP/1.1', `X-Forwarded-For: 203.0.113.${n}`));
    expect(lines.filter((line) => line.includes('TRUST_PROXY'))).toHaveLength(count);
    expect(seen).toHaveLength(3);
  });

  it('a flood of requests on one connection is cut off', async () => {
    const port = await start();
    const socket = await openRaw(port);
    socket.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(200));
    expect(await readAll(socket)).toBe('');
    expect(pending.length).toBeLessThanOrEqual(32);
  });
});

describe('what is slow, or never comes', () => {
  const times = { headers: 60, request: 120, check: 20, stalled: 150, keepAlive: 100 };

  it.each([
    ['nothing at all', ''],
    ['half a request line', 'GET /'],
    ['headers without an end', 'GET / HTTP/1.1\r\nHost: a\r\n'],
    ['a body that stops', 'POST /api/held HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc'],
    [
      'chunks that stop',
      'POST /api/held HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    ],
    ['half an upgrade', 'GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n'],
  ])('%s: told so, and closed', async (_, bytes) => {
    const port = await start({ times });
    const socket = await openRaw(port);
    socket.write(bytes);
    const answer = parseAnswer(await readAll(socket));
    expect(answer.status).toBe(408);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    // Our end stays open.
    await expect.poll(openConnections).toBe(0);
    expect(lines).toEqual([]);
  });

  it('headers byte by byte', async () => {
    const port = await start({ times });
    const socket = await openRaw(port);
    const drip = setInterval(() => socket.write('x'), 10);
    socket.write('GET / HTTP/1.1\r\n');
    expect(parseAnswer(await readAll(socket)).status).toBe(408);
    await expect.poll(openConnections).toBe(0);
    clearInterval(drip);
  });

  it('one who sends garbage and stays is cut off, though it goes on sending', async () => {
    const port = await start();
    const socket = await openRaw(port);
    const drip = setInterval(() => socket.write('garbage '), 10);
    expect(parseAnswer(await readAll(socket)).status).toBe(400);
    await expect.poll(openConnections).toBe(0);
    clearInterval(drip);
  });

  it.each([
    ['an upgrade elsewhere', upgrade('GET / HTTP/1.1')],
    ['CONNECT', request('CONNECT evil.example:443 HTTP/1.1')],
  ])('%s: answered, and cut off though the other side stays', async (_, bytes) => {
    const port = await start();
    const socket = await openRaw(port);
    socket.write(bytes);
    expect(parseAnswer(await readAll(socket)).status).toBeGreaterThanOrEqual(400);
    await expect.poll(openConnections).toBe(0);
  });

  it('one who never reads is cut off', async () => {
    const port = await start({ times });
    const socket = await openRaw(port);
    socket.pause();
    socket.write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => seen).toEqual(['/large']);
    await expect.poll(openConnections).toBe(0);
  });

  it('one who says nothing more after an answer is closed', async () => {
    const port = await start({ times });
    const socket = await openRaw(port);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(parseAnswer(await readAll(socket)).status).toBe(200);
    await expect.poll(openConnections).toBe(0);
  });
});

describe('how many', () => {
  const open = async (port: number, bytes = '') => {
    const socket = await openRaw(port);
    socket.write(bytes);
    return { socket, over: readAll(socket) };
  };
  const held = 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n';

  it.each([
    ['of one address', { total: 100, perAddress: 3 }],
    ['in all', { total: 3, perAddress: 100 }],
  ])('%s: the longest waiting gives way, whoever is answered stays', async (_, limits) => {
    const port = await start({ limits });
    const busy = await open(port, held);
    await expect.poll(() => pending.length).toBe(1);
    const kept = await open(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(kept.socket, 'data');
    const slow = await open(port, 'GET / HTTP/1.1\r\n');
    expect((await askRaw(port, request('GET / HTTP/1.1'))).status).toBe(200);
    expect(parseAnswer(await kept.over).status).toBe(200);
    expect((await askRaw(port, request('GET / HTTP/1.1'))).status).toBe(200);
    const other = await open(port);
    expect((await askRaw(port, request('GET / HTTP/1.1'))).status).toBe(200);
    expect(await slow.over).toBe('');
    pending[0]?.end('at last');
    await once(busy.socket, 'data');
    expect(other.socket.readyState).toBe('open');
  });

  it.each([
    ['of one address', { total: 100, perAddress: 2 }],
    ['in all', { total: 2, perAddress: 100 }],
  ])('%s: where all are busy or upgraded the new one is closed', async (_, limits) => {
    const port = await start({
      limits,
      sockets: (_req, socket) => {
        socket.write('HTTP/1.1 101 S\r\n\r\n');
        socket.resume().once('end', () => socket.end());
      },
    });
    await open(port, held);
    const device = await open(port, upgrade(SOCKETS));
    await once(device.socket, 'data');
    await expect.poll(() => pending.length).toBe(1);
    expect(await (await open(port, held)).over).toBe('');
    expect(pending).toHaveLength(1);
    device.socket.destroy();
    await expect.poll(openConnections).toBe(1);
    expect((await askRaw(port, request('GET / HTTP/1.1'))).status).toBe(200);
  });
});

describe('a proxy that the settings do not fit is told of in the log, once', () => {
  const messages = async (options: Partial<WebServerOptions>, ...headers: string[]) => {
    const port = await start(options);
    for (let n = 0; n < 3; n++) await askRaw(port, request('GET / HTTP/1.1', ...headers));
    return lines.map((line) => JSON.parse(line).msg as string);
  };
  const plain = { headers: { publicUrl: 'http://chat.example.org', dev: false } };

  it.each<[string, Partial<WebServerOptions>, string, RegExp[]]>([
    ['addresses that are not read', {}, 'X-Forwarded-For: 203.0.113.8', [/Set TRUST_PROXY=on/]],
    ['addresses that are read', { trustProxy: true }, 'X-Forwarded-For: 203.0.113.8', []],
    ['https, where it should be http', plain, 'X-Forwarded-Proto: https', [/Set PUBLIC_URL/]],
    ['https, as it should be', {}, 'X-Forwarded-Proto: https', []],
    ['http', plain, 'X-Forwarded-Proto: http', []],
  ])('%s', async (_, options, header, expected) => {
    expect(await messages(options, header)).toEqual(expected.map((text) => expect.stringMatching(text)));
  });
});
