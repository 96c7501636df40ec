import { describe, expect, test } from 'vitest';
import { hostCheck, isLiteralHost, isLoopbackHost, originCheck, originFault } from '../src/rules/origin.ts';

const derived = { PUBLIC_URL: 'http://localhost:3000', TRUSTED_ORIGINS: [], publicUrlIsSet: false };
const served = { PUBLIC_URL: 'https://chat.example.org', TRUSTED_ORIGINS: [], publicUrlIsSet: true };

const ask = (
  settings: Parameters<typeof originCheck>[0],
  origin: string | undefined,
  host: string,
  cookie?: string,
) => originCheck(settings)({ headers: { origin, host, cookie } });

test.each([
  ['localhost', true],
  ['LocalHost:3000', true],
  ['localhost.:80', true],
  ['a.lab.localhost:3000', true],
  ['127.0.0.1:3000', true],
  ['127.255.255.254', true],
  ['[::1]:3000', true],
  ['128.0.0.1', false],
  ['10.127.0.1', false],
  ['127.evil.example', false],
  ['localhost.evil.example', false],
  ['notlocalhost', false],
  ['[::2]', false],
  ['', false],
  [undefined, false],
])('%s is this machine and no other: %s', (host, isIt) => expect(isLoopbackHost(host)).toBe(isIt));

describe('without PUBLIC_URL', () => {
  test.each([
    'localhost:3000',
    'LOCALHOST:3000',
    'localhost',
    'localhost.:3000',
    'a.localhost:3000',
    '127.0.0.1:3000',
    '127.1.2.3:3000',
    '192.168.1.5:3000',
    '203.0.113.8',
    '[::1]:3000',
    '[fe80::1]',
    '[2001:db8::1]:3000',
  ])('%s is ours', (host) => {
    expect(isLiteralHost(host)).toBe(true);
    expect(ask(derived, `http://${host}`, host)).toBe(true);
    expect(hostCheck(derived)({ headers: { host } })).toBe(true);
  });

  test.each([
    'evil.example:3000',
    'evil.example',
    'localhost.evil.example:3000',
    'notlocalhost:3000',
    '127.0.0.1.evil.example:3000',
    '127.0.0.1.nip.io',
    '1.2.3:3000',
    '1.2.3.4.5',
    '0x7f.0.0.1',
    'server.local:3000',
    'server',
    '[::1].evil.example',
    '',
  ])('%j is a name that somebody may have led here', (host) => {
    expect(isLiteralHost(host)).toBe(false);
    expect(ask(derived, `http://${host}`, host)).toBe(false);
    expect(hostCheck(derived)({ headers: { host } })).toBe(false);
  });

  test('a page of another address is foreign, whatever the host', () => {
    for (const origin of [
      'http://192.168.1.5:3001',
      'https://192.168.1.5:3000',
      'http://evil.example',
      'null',
      '',
    ])
      expect(ask(derived, origin, '192.168.1.5:3000')).toBe(false);
    expect(ask(derived, 'http://localhost:3000', 'evil.example')).toBe(true);
  });
});

test('with PUBLIC_URL it is that one and those that are trusted, under any host', () => {
  const more = { ...served, TRUSTED_ORIGINS: ['https://old.example.org'] };
  for (const origin of ['https://chat.example.org', 'https://old.example.org'])
    expect(ask(more, origin, '10.0.0.1:3000')).toBe(true);
  for (const origin of [
    'http://chat.example.org',
    'http://10.0.0.1:3000',
    'http://localhost:3000',
    'null',
    '',
  ])
    expect(ask(more, origin, '10.0.0.1:3000')).toBe(false);
  expect(hostCheck(served)({ headers: { host: 'anything.example' } })).toBe(true);
  expect(
    hostCheck({ ...derived, TRUSTED_ORIGINS: ['https://Old.example.org'] })({
      headers: { host: 'old.example.org' },
    }),
  ).toBe(true);
});

test('without an Origin only who brings no cookie', () => {
  expect(ask(served, undefined, 'chat.example.org')).toBe(true);
  expect(ask(served, undefined, 'chat.example.org', 'a=b')).toBe(false);
});

test('the error and one line in the log name both origins', () => {
  const lines: unknown[][] = [];
  const log = { warn: (...line: unknown[]) => void lines.push(line) } as never;
  const fault = originFault(derived, log);
  const tls = { headers: { origin: 'https://chat.example.org', host: 'chat.example.org' } };
  for (let n = 0; n < 3; n++)
    expect(fault(tls)).toMatchObject({
      code: 'wrong_origin',
      data: { expected: 'http://localhost:3000', origin: 'https://chat.example.org' },
    });
  expect(lines).toEqual([
    [
      { origin: 'https://chat.example.org', expected: 'http://localhost:3000', host: 'chat.example.org' },
      expect.stringContaining('set PUBLIC_URL'),
    ],
  ]);
  expect(fault({ headers: { origin: 'http://evil.example', host: '192.168.1.5:3000' } })?.data).toEqual({
    expected: 'http://192.168.1.5:3000',
    origin: 'http://evil.example',
  });
  expect(fault({ headers: { cookie: 'a=b' } })?.data).toEqual({
    expected: 'http://localhost:3000',
    origin: '',
  });
  expect(lines).toHaveLength(3);
  for (let n = 0; n < 500; n++) fault({ headers: { origin: `http://${n}.example` } });
  expect(fault({ headers: { origin: 'http://localhost:3000', host: 'x' } })).toBeNull();
});
