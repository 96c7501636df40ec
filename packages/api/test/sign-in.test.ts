import { firstAdminCodeOf } from '@lockstep/core';
import { makeWorld, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, ORIGIN, startApi } from './server.ts';

const KNOWN = { name: 'Known', email: 'known@example.org', password: 'correct horse' };

describe('sign-in and origin', () => {
  let world: World;
  let api: ApiServer;
  let cookie: string;
  beforeAll(async () => {
    world = await makeWorld();
    api = await startApi(world.core);
    const code = firstAdminCodeOf(world.core.settings);
    const { headers } = await api.call('auth.signUp', { ...KNOWN, code });
    cookie = headers.getSetCookie()[0]?.split(';', 1)[0] as string;
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  test('the cookie of a sign-up and a sign-in works, and is out of reach of scripts', async () => {
    const { status, data, headers } = await api.call('auth.signIn', {
      email: ' Known@Example.ORG ',
      password: KNOWN.password,
    });
    expect([status, data.email]).toEqual([200, KNOWN.email]);
    const [setCookie = ''] = headers.getSetCookie();
    expect(setCookie).toMatch(/; HttpOnly; SameSite=Lax$/);
    const me = await api.call('me.get', undefined, { cookie: setCookie.split(';', 1)[0] });
    expect(me.data).toEqual(data);
    expect((await api.call('me.get', undefined, { cookie })).data.role).toBe('admin');
  });

  test('over https the cookie is secure', async () => {
    const secure = await makeWorld({ PUBLIC_URL: 'https://chat.example.org' });
    const server = await startApi(secure.core);
    try {
      const headers = { origin: 'https://chat.example.org' };
      const code = firstAdminCodeOf(secure.core.settings);
      const up = await server.call('auth.signUp', { ...KNOWN, code }, { headers });
      const { name: _, ...credentials } = KNOWN;
      const again = await server.call('auth.signIn', credentials, { headers });
      for (const answer of [up, again]) {
        const [setCookie = ''] = answer.headers.getSetCookie();
        expect(setCookie).toMatch(
          /^__Host-lockstep-[0-9a-f]{8}=.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
        );
        const me = await server.call('me.get', undefined, { cookie: setCookie.split(';', 1)[0] });
        expect(me.data.email).toBe(KNOWN.email);
      }
    } finally {
      await server.close();
      await secure.close();
    }
  });

  test('unknown e-mail and wrong password: the same answer to the byte', async () => {
    const attempt = (email: string) => api.call('auth.signIn', { email, password: 'wrong horse' });
    const [unknown, wrong] = [await attempt('nobody@example.org'), await attempt(KNOWN.email)];
    expect(unknown.status).toBe(401);
    expect(unknown.error?.code).toBe('bad_credentials');
    expect(wrong.text).toBe(unknown.text);
    expect(wrong.headers.getSetCookie()).toEqual([]);
  });

  test('a taken e-mail is a conflict that says no more', async () => {
    const { status, error, text } = await api.call('auth.signUp', { ...KNOWN, name: 'Other' });
    expect([status, error?.code]).toEqual([409, 'conflict']);
    expect(text).not.toMatch(/exist|email|taken/i);
  });

  test('nobody makes themselves admin or placeholder', async () => {
    for (const extra of [{ role: 'admin' }, { placeholder: true }, { emailVerified: true }]) {
      const input = { ...KNOWN, email: 'other@example.org', ...extra };
      expect((await api.call('auth.signUp', input)).error?.code).toBe('invalid_input');
    }
    const { data } = await api.call('auth.signUp', { ...KNOWN, email: 'other@example.org' });
    expect(data.role).toBe('member');
  });

  test('sign-out takes the cookie away, also a stale one', async () => {
    const person = await world.person('Leaver');
    for (let n = 0; n < 2; n++) {
      const { status, headers } = await api.call('auth.signOut', undefined, { cookie: person.cookie });
      expect(status).toBe(200);
      expect(headers.getSetCookie()[0]).toMatch(/^lockstep-[0-9a-f]{8}=; Max-Age=0; Path=\/; HttpOnly/);
    }
    expect((await api.call('me.get', undefined, { cookie: person.cookie })).error?.code).toBe(
      'unauthenticated',
    );
  });

  test('a session in use is renewed by any call', async () => {
    const person = await world.person('Old');
    await world.core.db.pool.query(`update session set updated_at = now() - interval '25 h' where id = $1`, [
      person.actor.sessionId,
    ]);
    const first = await api.call('sync.inbox', { afterPos: 0 }, { cookie: person.cookie });
    expect(first.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=2592000')]);
    const second = await api.call('sync.inbox', { afterPos: 0 }, { cookie: person.cookie });
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  describe('Origin of a POST', () => {
    const rename = (headers: Record<string, string>) =>
      api.raw('me.rename', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ name: 'Renamed' }),
      });

    test('ours passes', async () => {
      expect((await rename({ cookie, origin: ORIGIN })).status).toBe(200);
    });

    test('a foreign one, null, another scheme or port, and none with a cookie do not', async () => {
      for (const origin of ['http://evil.example', 'null', 'https://chat.example.org', `${ORIGIN}:81`, '']) {
        const { status, error } = await rename({ cookie, origin });
        expect([status, error?.code], origin).toEqual([403, 'wrong_origin']);
      }
      expect((await rename({ cookie })).error?.code).toBe('wrong_origin');
      expect((await rename({ origin: 'http://evil.example' })).error?.code).toBe('wrong_origin');
    });

    test('a request without Origin and cookie passes: a script that signs in', async () => {
      expect((await rename({})).error?.code).toBe('unauthenticated');
    });

    test('trusted ones pass; the own host only where no address is set', async () => {
      const own = await makeWorld({ PUBLIC_URL: '', TRUSTED_ORIGINS: 'https://intranet.example/' });
      const server = await startApi(own.core);
      try {
        const person = await own.person('Ann');
        const from = async (origin: string) =>
          (await server.call('me.rename', { name: 'A' }, { cookie: person.cookie, headers: { origin } }))
            .status;
        expect(await from('https://intranet.example')).toBe(200);
        expect(await from('http://localhost:3000')).toBe(200);
        expect(await from(server.url)).toBe(200);
        expect(await from('http://evil.example')).toBe(403);
      } finally {
        await server.close();
        await own.close();
      }
      const { status } = await api.call('me.rename', { name: 'A' }, { cookie, headers: { origin: api.url } });
      expect(status).toBe(403);
    });
  });
});
