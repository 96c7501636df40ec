import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { canonicalAddress, clientAddress, limitKey } from '../src/address.ts';

const PROXY = '10.0.0.7';

const from = (forwarded: string | undefined, trustProxy = true, remoteAddress: string | undefined = PROXY) =>
  clientAddress(
    { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } } as unknown as IncomingMessage,
    trustProxy,
  );

test.each([
  '203.0.113.8',
  ' 203.0.113.8 ',
  '203.0.113.8:1',
  '203.0.113.8:65535',
  '"203.0.113.8:80"',
  '[203.0.113.8]:80',
  '::ffff:203.0.113.8',
  '::FFFF:203.0.113.8',
  '::ffff:cb00:7108',
  '0:0:0:0:0:ffff:cb00:7108',
  '[::ffff:203.0.113.8]',
  '[::ffff:203.0.113.8]:4711',
  '198.51.100.1, 203.0.113.8',
  'unknown, 198.51.100.1:5,203.0.113.8:6',
])('X-Forwarded-For %j is one and the same IPv4 address', (forwarded) => {
  expect(from(forwarded)).toBe('203.0.113.8');
  expect(limitKey(from(forwarded))).toBe('203.0.113.8');
});

test.each([
  '2001:db8:1:2:3:4:5:6',
  '2001:DB8:0001:0002:0003:0004:0005:0006',
  '[2001:db8:1:2:3:4:5:6]',
  '[2001:db8:1:2:3:4:5:6]:443',
  '"[2001:db8:1:2:3:4:5:6]:443"',
  '2001:db8:1:2:3:4:5:6%eth0',
  '[2001:db8:1:2:3:4:5:6%25eth0]:443',
])('X-Forwarded-For %j is one and the same IPv6 address', (forwarded) => {
  expect(from(forwarded)).toBe('2001:db8:1:2:3:4:5:6');
});

test('one network of IPv6 is limited together', () => {
  for (const address of ['2001:db8:1:2::', '2001:db8:1:2::9', '2001:db8:1:2:ffff:ffff:ffff:ffff'])
    expect(limitKey(address)).toBe('2001:db8:1:2::/64');
  expect(limitKey('2001:db8::1')).toBe('2001:db8::/64');
  expect(limitKey('::1')).toBe('::/64');
  expect(limitKey('2001:db8:1:3::')).not.toBe('2001:db8:1:2::/64');
});

test.each([
  '',
  ',',
  'unknown',
  '_hidden',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '203.0.113.256',
  '203.0.113.8:',
  '203.0.113.8:port',
  '203.0.113.8:999999',
  '203.0.113.8/24',
  '[2001:db8::1',
  '2001:db8::1]:80',
  '2001:db8:::1',
  '1:2:3:4:5:6:7:8:9',
  'fe80::1%eth0%eth1/64',
  '203.0.113.8;DROP',
  '٢٠٣.0.113.8',
  'a'.repeat(10_000),
  '1.2.3.4, ',
])('X-Forwarded-For %j names no address: it counts as the proxy', (forwarded) => {
  expect(from(forwarded)).toBe(PROXY);
});

test('without a trusted proxy the header is not read', () => {
  expect(from('203.0.113.8', false)).toBe(PROXY);
  expect(from(undefined)).toBe(PROXY);
  expect(from(undefined, true, '::ffff:127.0.0.1')).toBe('127.0.0.1');
  expect(from(undefined, false, 'fe80::1%lo')).toBe('fe80::1');
});

test('a connection that is gone has no address, and is limited with its like', () => {
  expect(canonicalAddress('')).toBeNull();
  expect(from('203.0.113.8', false, '')).toBeNull();
  expect(limitKey(null)).toBe('unknown');
  expect(limitKey('nonsense')).toBe('unknown');
});
