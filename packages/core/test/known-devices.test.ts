import { expect, test } from 'vitest';
import { KnownDevices } from '../src/known-devices.ts';
import { SessionCookie } from '../src/session-cookie.ts';

const make = (secret: string, url = 'http://chat.example.org') =>
  new KnownDevices(secret, new SessionCookie(secret, { PUBLIC_URL: url }));
const devices = make('a secret of a good length for this');
const given = (setCookie: string) => `a=b; ${setCookie.split(';', 1)[0]}; c=d`;

test('a device is known to the accounts it signed in to, and to no other', () => {
  const first = devices.remember(undefined, 'ann@example.org');
  expect(first).toMatch(/; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/);
  const id = devices.idOf(given(first), 'ann@example.org');
  expect(id).toMatch(/^[\w-]{16}$/);
  expect(devices.idOf(given(first), 'ben@example.org')).toBeNull();
  const both = given(devices.remember(given(first), 'ben@example.org'));
  expect(devices.idOf(both, 'ann@example.org')).toBe(id);
  expect(devices.idOf(both, 'ben@example.org')).not.toBeNull();
  // Again: the same device, and nothing grows.
  expect(devices.remember(both, 'ben@example.org').split('~')).toHaveLength(2);
  expect(first).not.toContain('ann');
});

test('the last five accounts are kept', () => {
  let cookie: string | undefined;
  for (let n = 0; n < 7; n++) cookie = given(devices.remember(cookie, `p${n}@example.org`));
  const known = Array.from({ length: 7 }, (_, n) => devices.idOf(cookie, `p${n}@example.org`) !== null);
  expect(known).toEqual([false, false, true, true, true, true, true]);
});

test('a forged cookie names no device', () => {
  const cookie = given(devices.remember(undefined, 'ann@example.org'));
  const other = make('another secret of a good length too');
  expect(other.idOf(cookie.replace(devices.cookieName, other.cookieName), 'ann@example.org')).toBeNull();
  const name = devices.cookieName;
  for (const bad of [
    '',
    'x',
    `${name}=`,
    `${name}=~~~`,
    `${name}=${'A'.repeat(16)}.${'A'.repeat(22)}`,
    cookie.replace(/.{3}; c=d/, 'AAA; c=d'),
  ])
    expect(devices.idOf(bad, 'ann@example.org'), bad).toBeNull();
});

test('over https it is secure', () => {
  const secure = make('x'.repeat(40), 'https://chat.example.org');
  expect(secure.remember(undefined, 'ann@example.org')).toMatch(/; Secure$/);
});
