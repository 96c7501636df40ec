import { once } from 'node:events';
import { connect } from 'node:net';
import type { Random } from './random.ts';
import { type FuzzTarget, fail } from './target.ts';
import { type FuzzedWeb, startFuzzedWeb } from './web.ts';

/** What is sent on one connection, piece by piece; each character is a byte. */
interface Input {
  pieces: string[];
}

const METHODS = [
  ...[
    'GET',
    'GET',
    'GET',
    'POST',
    'POST',
    'HEAD',
    'PUT',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'PATCH',
    'PRI',
    'PROPFIND',
  ],
  ...['CONNECT', 'get', 'G\tT', ''],
];
const TARGETS = [
  ...[
    '/',
    '//',
    '///x',
    '*',
    '/healthz',
    '/sign-in?next=/..//evil.example',
    '/c/../..//x',
    '/\\evil.example',
    '/%00',
  ],
  ...[
    '/%E0%A4%A',
    '/%2e%2e/%2e%2e/etc/passwd',
    'http://evil.example/',
    'evil.example:443',
    '/_next/image?url=/x',
  ],
  ...['/api/trpc/me.get', '/api/trpc/', '/api/trpc/__proto__.constructor', '/api/trpc/messages.send'],
  ...[
    '/api/trpc/me.get,me.get?batch=1',
    '/api/trpc/sync.inbox?input=%7B%22afterPos%22:0%7D',
    '/api/trpc/x?batch=1',
  ],
  ...['/api/trpc/me.get?batch=1&input=%7B%220%22:null%7D', `/api/trpc/${'me.get,'.repeat(40)}?batch=1`],
  ...['/api/trpc/auth.signIn', '/api/trpc/auth.signOut', '/api/admin/exports/../x', '/api/admin/exports/a/b'],
  ...['/socket.io/', '/socket.io/?EIO=4&transport=polling', '/socket.io/?EIO=4&transport=websocket&sid=x'],
  ...['/socket.io/?EIO=4&transport=websocket', '/lab', '/lab/people?q=x', '/lab/enter?user=x', '/sw.js'],
];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.1 ',
  'x',
];
const HEADERS = [
  ...[
    'Host: localhost',
    'Host: evil.example',
    'Host: [::1',
    'Host:',
    'Connection: close',
    'Connection: keep-alive',
  ],
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: h2c', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Protocol: ,'],
  ...[
    'Sec-WebSocket-Extensions: permessage-deflate; x=',
    'Content-Type: application/json',
    'Content-Type: text/plain',
  ],
  ...[
    'Content-Type: multipart/form-data; boundary=',
    'Content-Length: 0',
    'Content-Length: 2',
    'Content-Length: -1',
  ],
  ...['Content-Length: 99999999999999999999', 'Content-Length: 3, 4', 'Transfer-Encoding: chunked'],
  ...['Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: chunked, x', 'Transfer-Encoding : chunked'],
  ...[
    'Expect: 100-continue',
    'Expect: x',
    'Origin: http://evil.example',
    'Origin: null',
    'Origin: http://localhost',
  ],
  ...['RSC: 1', 'next-router-state-tree: x', 'next-router-state-tree: %5B%22%22,%7B%7D%5D', 'next-action: x'],
  ...[
    'x-middleware-subrequest: x',
    'trpc-accept: application/jsonl',
    'Accept-Encoding: br;q=0, gzip',
    'Range: bytes=9-1',
  ],
  ...[
    'Cookie: a=b',
    'Cookie: lockstep.session_token=%E0%A4%A',
    'X-Forwarded-For: [x]:99999',
    ' folded: x',
    'x',
    ': x',
  ],
  ...[
    'Authorization: Bearer x',
    'If-None-Match: *',
    `x: ${'a'.repeat(3_000)}`,
    'x: \0',
    '\xff: \xff',
    'Via: 1.1 x',
  ],
];
const BODIES = [
  ...[
    '',
    '{}',
    '[]',
    '{"0":{}}',
    'null',
    '"\\ud800"',
    '{"__proto__":{"x":1}}',
    '[[[[[[[[',
    '{"name":"\\u0000"}',
  ],
  ...[
    '0\r\n\r\n',
    '2\r\n{}\r\n0\r\n\r\n',
    'zz\r\n',
    '5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n',
    'ffffffffffffffff\r\n',
  ],
  ...['GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n', '\r\n\r\n\r\n', '\x16\x03\x01\x02'],
];
const FRAMES = [
  '40',
  '40{"a":1}',
  '41',
  '42["typing",{}]',
  '42["x"]',
  '42[]',
  '451-["x",{"_placeholder":true,"num":0}]',
  '3',
  '2probe',
  '9',
  '40/admin,',
  '42["watch",{"userIds":["x"]}]',
  '42["place",{"pos":1e308}]',
  '{',
];

/** Of a client: masked, with a mask of zeros; now and then wrong in its head. */
const frame = (random: Random): string => {
  const text = random.chance(0.2) ? random.bytes(random.below(100)).toString('latin1') : random.pick(FRAMES);
  const first = random.chance(0.8) ? 0x81 : random.below(256);
  const length = random.chance(0.9) ? 0x80 | text.length : random.below(256);
  return `${String.fromCharCode(first, length)}\0\0\0\0${text}`;
};

const request = (random: Random): string => {
  const line = `${random.pick(METHODS)} ${random.pick(TARGETS)} ${random.pick(VERSIONS)}`;
  const host = random.chance(0.8) ? ['Host: localhost'] : [];
  const end = random.chance(0.95) ? '\r\n\r\n' : random.pick(['\n\n', '\r\n', '', '\r\r']);
  const body = random.chance(0.5) ? random.pick(BODIES) : '';
  return [line, ...host, ...random.list(8, () => random.pick(HEADERS))].join('\r\n') + end + body;
};

const SOCKET = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  ...['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''],
].join('\r\n');

/** Bytes are changed, left out or put in. */
const damaged = (random: Random, text: string): string => {
  const at = random.below(text.length + 1);
  return (
    text.slice(0, at) + random.bytes(random.below(4)).toString('latin1') + text.slice(at + random.below(4))
  );
};

let web: FuzzedWeb;

/** An answer that is not told by its end within that long is never told, in ms: the server's own times are shorter. */
const NEVER_MS = 20_000;

const send = async (pieces: string[]): Promise<string> => {
  const socket = connect({ port: web.port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  const over = new Promise<void>((resolve) => socket.once('end', resolve).once('close', () => resolve()));
  await Promise.race([once(socket, 'connect').catch(() => {}), over]);
  for (const piece of pieces) await new Promise<void>((next) => socket.write(piece, 'latin1', () => next()));
  socket.end();
  const timer = setTimeout(() => socket.destroy(new Error('never')), NEVER_MS);
  await over;
  clearTimeout(timer);
  if (socket.errored?.message === 'never') fail('the connection never ends', `${text.length} bytes came`);
  socket.destroy();
  return text;
};

const ANSWER = /HTTP\/1\.1 (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/g;
/** Lines of a whole connection: one kind of line is written 20 times a minute at most. */
const LOGGED = 4_000;

/**
 * Whatever comes in on a connection: it is answered with our headers or closed, never with a 5xx; others are served
 * afterwards, and hardly anything is logged.
 */
export const target: FuzzTarget<Input> = {
  name: 'http',
  setup: async () => {
    web = await startFuzzedWeb();
  },
  teardown: () => web.close(),
  generate: (random) => {
    const isSocket = random.chance(0.2);
    const pieces = isSocket
      ? [SOCKET, ...random.list(12, () => frame(random))]
      : [request(random), ...random.list(5, () => request(random))];
    return { pieces: pieces.map((piece) => (random.chance(0.15) ? damaged(random, piece) : piece)) };
  },
  run: async ({ pieces }) => {
    const text = await send(pieces);
    for (const [, status, lines = ''] of text.matchAll(ANSWER)) {
      if (Number(status) >= 500) fail('a 5xx', `${status} for ${JSON.stringify(pieces).slice(0, 300)}`);
      if (Number(status) >= 200 && !/^x-content-type-options: nosniff\r$/im.test(lines))
        fail('an answer without our headers', `${status}: ${lines.slice(0, 200)}`);
    }
    const logged = web.logged();
    if (logged > LOGGED) fail('too much is logged', `${logged} bytes`);
    const answer = await fetch(`${web.url}/api/trpc/me.get`, { headers: { cookie: web.admin } });
    const { result } = (await answer.json()) as { result?: { data: { name: string } } };
    if (answer.status !== 200 || result?.data.name !== 'ada')
      fail('others are not served', `${answer.status}`);
  },
};
