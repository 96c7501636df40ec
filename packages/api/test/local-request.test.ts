import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { isFromThisMachine, isLocalRequest } from '../src/local-request.ts';

const LOCAL = 'http://localhost:3000';

const ask = (host: string | undefined, remoteAddress: string | undefined, more = {}, PUBLIC_URL = LOCAL) =>
  isLocalRequest({ headers: { host, ...more }, socket: { remoteAddress } } as unknown as IncomingMessage, {
    PUBLIC_URL,
  });

test.each([
  ['localhost:3000', '127.0.0.1'],
  ['localhost', '::1'],
  ['127.0.0.1:3000', '::ffff:127.0.0.1'],
  ['127.9.9.9:3000', '127.8.8.8'],
  ['[::1]:3000', '::1'],
  ['a.lab.localhost:3000', '127.0.0.1'],
])('%s from %s is this machine', (host, address) => {
  expect(ask(host, address)).toBe(true);
});

test.each([
  ['localhost:3000', '192.168.1.5'],
  ['localhost:3000', '::ffff:192.168.1.5'],
  ['localhost:3000', '2001:db8::1'],
  ['localhost:3000', undefined],
  ['evil.example:3000', '127.0.0.1'],
  ['localhost.evil.example', '127.0.0.1'],
  ['127.0.0.1.evil.example', '127.0.0.1'],
  ['192.168.1.5:3000', '127.0.0.1'],
  [undefined, '127.0.0.1'],
])('%s from %s may be anybody', (host, address) => {
  expect(ask(host, address)).toBe(false);
});

test.each([
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
])('%s: through a proxy', (name) => {
  expect(ask('localhost:3000', '127.0.0.1', { [name]: 'x' })).toBe(false);
});

test('a server that listens on one address is reached by that one', () => {
  const from = (host: string, remoteAddress: string, localAddress: string) =>
    isFromThisMachine({
      headers: { host },
      socket: { remoteAddress, localAddress },
    } as unknown as IncomingMessage);
  expect(from('192.168.1.5:3000', '192.168.1.5', '::ffff:192.168.1.5')).toBe(true);
  expect(from('[2001:db8::5]:3000', '2001:db8::5', '2001:db8::5')).toBe(true);
  expect(from('192.168.1.5:3000', '192.168.1.6', '192.168.1.5')).toBe(false);
  expect(from('evil.example', '192.168.1.5', '192.168.1.5')).toBe(false);
  // Something on this machine passes on what comes to its public address.
  expect(from('203.0.113.8', '127.0.0.1', '127.0.0.1')).toBe(false);
});

test('where people come by another address, a proxy that adds nothing is not taken for this machine', () => {
  expect(ask('localhost:3000', '127.0.0.1', {}, 'https://chat.example.org')).toBe(false);
  expect(ask('localhost:3000', '127.0.0.1', {}, 'http://192.168.1.5:3000')).toBe(false);
});
