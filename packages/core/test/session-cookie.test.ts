import { describe, expect, test } from 'vitest';
import { SessionCookie } from '../src/session-cookie.ts';

const SECRET = 'only-for-tests-only-for-tests-only-for-tests';
const cookieOf = (PUBLIC_URL: string, secret = SECRET) => new SessionCookie(secret, { PUBLIC_URL });

const http = cookieOf('http://localhost:3000');
const https = cookieOf('https://chat.example.org');

describe('the name of the cookie', () => {
  test('differs by port and by workspace, and stays', () => {
    const names = [
      http.name,
      cookieOf('http://localhost:3001').name,
      cookieOf('http://localhost:3000', `${SECRET} of another`).name,
    ];
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^lockstep-[0-9a-f]{8}$/);
    expect(cookieOf('http://localhost:3000').name).toBe(http.name);
    // Another name would have every cookie exchanged.
    expect(http.name).toBe('lockstep-5898784c');
  });

  test('over https no other host of the domain can set it', () => {
    expect(https.name).toMatch(/^__Host-lockstep-[0-9a-f]{8}$/);
    expect(https.set('v', 60)).toBe(`${https.name}=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure`);
    expect(https.set('v', 60)).not.toContain('Domain');
    expect(http.clear()).toBe(`${http.name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`);
  });
});

describe('which cookies may be ours', () => {
  test('the one of our name alone, wherever it stands', () => {
    const header = `a=b; lockstep.session_token=old;lockstep-00000000=x ; ${http.name}=own; ${http.name}=again`;
    expect(http.find(header)).toEqual([{ name: http.name, value: 'own' }]);
  });

  test('else the one of the former name, and then those of other addresses, a few', () => {
    const others = Array.from({ length: 9 }, (_, n) => `lockstep-0000000${n}=v${n}`);
    const found = http.find([...others, 'lockstep.session_token=old', `${http.name}=`].join('; '));
    expect(found.map(({ value }) => value)).toEqual(['old', 'v0', 'v1', 'v2', 'v3', 'v4']);
  });

  test('over https none that another host, or plain http, may have set', () => {
    const header =
      'lockstep.session_token=a; lockstep-00000000=b; __Secure-lockstep-00000000=c; __Host-lockstep-x=d';
    expect(https.find(header)).toEqual([]);
    expect(https.find('__Secure-lockstep.session_token=old')).toEqual([
      { name: '__Secure-lockstep.session_token', value: 'old' },
    ]);
    expect(http.find('__Secure-lockstep.session_token=old; __Host-lockstep-00000000=b')).toEqual([]);
  });

  test('nothing in garbage', () => {
    for (const header of [
      undefined,
      '',
      ';',
      '=',
      '=x',
      'lockstep',
      ';;;=;=',
      `${http.name}`,
      `x${http.name}=y`,
      '\0=\0',
    ])
      expect(http.find(header)).toEqual([]);
    expect(http.find('lockstep-0000000g=x; LOCKSTEP.SESSION_TOKEN=y')).toEqual([]);
  });
});
