import { createHook } from 'node:async_hooks';
import { actions, type Device, sessionFromCookie } from '@lockstep/core';
import { makeWorld, type World } from '@lockstep/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const device: Device = { ipAddress: '192.0.2.7', userAgent: 'a test' };
const account = (n: number) => ({
  name: `Person ${n}`,
  email: `p${n}@example.org`,
  password: 'correct horse',
});
/** How many passwords are hashed on the thread pool meanwhile: a hash on the event loop has no callback to come before. */
const hashesOf = async (work: () => Promise<unknown>): Promise<number> => {
  const jobs = new Set<number>();
  let hashed = 0;
  const hook = createHook({
    init: (id, type) => void (type === 'SCRYPTREQUEST' && jobs.add(id)),
    before: (id) => void (jobs.has(id) && hashed++),
  }).enable();
  await work().catch(() => {});
  hook.disable();
  return hashed;
};
const cookieOf = (setCookie: string) => setCookie.split(';', 1)[0];

describe('accounts', () => {
  let world: World;
  beforeEach(async () => {
    world = await makeWorld();
  });
  afterEach(() => world.close());
  const signUp = (n: number, invitation?: string) =>
    actions.signUp(world.core, { ...account(n), invitation }, device);

  test('an e-mail of a local network is taken by setting only', async () => {
    const input = { ...account(1), email: 'ann@intranet' };
    await expect(actions.signUp(world.core, input, device)).rejects.toMatchObject({
      code: 'invalid_input',
      data: { issues: [{ path: 'email' }] },
    });
    const core = { ...world.core, settings: { ...world.core.settings, LOCAL_EMAIL: 'on' as const } };
    expect((await actions.signUp(core, input, device)).me.email).toBe('ann@intranet');
  });

  test('a sign-up is signed in: HttpOnly, SameSite, 30 days, and in the device list', async () => {
    const { me, setCookie } = await signUp(1);
    expect(me).toMatchObject({
      name: 'Person 1',
      email: 'p1@example.org',
      role: 'admin',
      placeholder: false,
    });
    expect(setCookie).toMatch(/; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await sessionFromCookie(world.core, cookieOf(setCookie))).toEqual({
      userId: me.id,
      sessionId: me.sessionId,
      role: 'admin',
    });
    const { rows } = await world.core.db.pool.query('select ip_address, user_agent from session');
    expect(rows).toEqual([{ ip_address: '192.0.2.7', user_agent: 'a test' }]);
  });

  test('two first sign-ups at once make exactly one admin', async () => {
    const made = await Promise.all([1, 2, 3, 4].map((n) => signUp(n)));
    expect(made.filter(({ me }) => me.role === 'admin')).toHaveLength(1);
  });

  test('a placeholder is no first account', async () => {
    await world.person('From an import', { placeholder: true });
    expect((await signUp(1)).me.role).toBe('admin');
  });

  test('sign-in gives a session that better-auth and we read alike', async () => {
    const { me } = await signUp(1);
    const again = await actions.signIn(world.core, account(1), device);
    expect(again.me).toMatchObject({ id: me.id, email: 'p1@example.org' });
    expect(again.me.sessionId).not.toBe(me.sessionId);
    expect(again.setCookie).toMatch(/Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax/);
    const session = await world.core.auth.api.getSession({
      headers: new Headers({ cookie: cookieOf(again.setCookie) as string }),
    });
    expect(session?.user.id).toBe(me.id);
    const { rows } = await world.core.db.pool.query(
      'select ip_address, user_agent from session where id = $1',
      [again.me.sessionId],
    );
    expect(rows).toEqual([{ ip_address: '192.0.2.7', user_agent: 'a test' }]);
  });

  test('a session that we opened is read by better-auth', async () => {
    const { me, setCookie } = await signUp(1);
    const headers = new Headers({ cookie: cookieOf(setCookie) as string });
    expect((await world.core.auth.api.getSession({ headers }))?.session.id).toBe(me.sessionId);
  });

  test('unknown e-mail, wrong password and placeholder: one error', async () => {
    await signUp(1);
    const ghost = await world.person('Ghost', { placeholder: true });
    const { rows } = await world.core.db.pool.query('select email from "user" where id = $1', [ghost.id]);
    for (const input of [
      { email: 'nobody@example.org', password: 'correct horse' },
      { email: account(1).email, password: 'wrong horse' },
      { email: rows[0].email, password: 'correct horse' },
    ]) {
      await expect(actions.signIn(world.core, input, device)).rejects.toMatchObject({
        code: 'bad_credentials',
        data: {},
      });
    }
  });

  test('one hash each, on the thread pool: unknown e-mail, wrong password, no account, e-mail taken', async () => {
    await signUp(1);
    const ghost = await world.person('Ghost', { placeholder: true });
    const { rows } = await world.core.db.pool.query('select email from "user" where id = $1', [ghost.id]);
    const signIn = (email: string, password = 'wrong horse') =>
      actions.signIn(world.core, { email, password }, device);
    for (const [who, attempt] of Object.entries({
      known: () => signIn(account(1).email),
      right: () => signIn(account(1).email, account(1).password),
      unknown: () => signIn('nobody@example.org'),
      placeholder: () => signIn(rows[0].email),
      taken: () => signUp(1),
      free: () => signUp(2),
    }))
      expect(await hashesOf(attempt), who).toBe(1);
  });

  test.each([
    ['password', 'common'],
    ['12345678', 'common'],
    ['ｐａｓｓｗｏｒｄ', 'common'],
    ['Annabel1', 'personal'],
    ['harbour.example', 'personal'],
  ])('a password that is easy to guess is refused, and makes nothing: %s', async (password, weakness) => {
    const input = { name: 'Annabel Novak', email: 'annabel.novak@harbour.example', password };
    await expect(actions.signUp(world.core, input, device)).rejects.toMatchObject({
      code: 'weak_password',
      data: { weakness },
    });
    expect((await world.core.db.pool.query('select 1 from "user"')).rows).toEqual([]);
  });

  test('a taken e-mail is a conflict, also in other letters, and makes nothing', async () => {
    await signUp(1);
    await expect(signUp(1)).rejects.toMatchObject({ code: 'conflict', message: 'conflict' });
    const { rows } = await world.core.db.pool.query('select count(*)::int as n from "user"');
    expect(rows[0].n).toBe(1);
  });

  test('the same e-mail twice at once is stored once', async () => {
    const results = await Promise.allSettled([signUp(1), signUp(1)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'conflict' },
    });
  });

  test('sign-out ends the session at once, and its sockets', async () => {
    const { me, setCookie } = await signUp(1);
    const cookie = cookieOf(setCookie);
    const actor = await sessionFromCookie(world.core, cookie);
    if (!actor) throw new Error('not signed in');
    await actions.signOut(actor, world.core);
    expect(await sessionFromCookie(world.core, cookie)).toBeNull();
    expect(world.published.of('ended')).toEqual([
      { to: 'ended', target: { userId: me.id, sessionId: me.sessionId }, reason: 'signed_out' },
    ]);
  });

  test('a forged, a cut and a foreign cookie are nobody', async () => {
    const { setCookie } = await signUp(1);
    const cookie = cookieOf(setCookie) as string;
    const [name, value = ''] = cookie.split('=', 2);
    const token = decodeURIComponent(value).split('.')[0];
    for (const bad of [
      `${name}=${token}`,
      `${name}=${token}.AAAA`,
      `${name}=%E0%A4%A`,
      `${name}=`,
      `x=${value}`,
    ]) {
      expect(await sessionFromCookie(world.core, bad)).toBeNull();
    }
    expect(await sessionFromCookie(world.core, `a=b; ${cookie}; c=d`)).not.toBeNull();
  });

  test('an expired session is nobody', async () => {
    const { me, setCookie } = await signUp(1);
    await world.core.db.pool.query(`update session set expires_at = now() - interval '1 s' where id = $1`, [
      me.sessionId,
    ]);
    expect(await sessionFromCookie(world.core, cookieOf(setCookie))).toBeNull();
  });

  test('a session in use is renewed once a day', async () => {
    const { me, setCookie } = await signUp(1);
    const cookie = cookieOf(setCookie);
    const fresh = await world.core.sessions.read(cookie);
    if (!fresh) throw new Error('not signed in');
    expect(world.core.sessions.isDue(fresh)).toBe(false);
    await world.core.db.pool.query(
      `update session set updated_at = now() - interval '25 h', expires_at = now() + interval '1 d' where id = $1`,
      [me.sessionId],
    );
    world.core.sessions.forget(me.id);
    const old = await world.core.sessions.read(cookie);
    if (!old) throw new Error('not signed in');
    expect(world.core.sessions.isDue(old)).toBe(true);
    expect(await world.core.sessions.renew(old, cookie)).toEqual([setCookie]);
    const renewed = await world.core.sessions.read(cookie);
    expect((renewed?.expiresAt ?? 0) - Date.now()).toBeGreaterThan(29 * 24 * 3_600_000);
    expect(renewed && world.core.sessions.isDue(renewed)).toBe(false);
  });
});
