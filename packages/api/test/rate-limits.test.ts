import { actions } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitKey } from '../src/address.ts';
import { Guesses } from '../src/guesses.ts';
import { type Answer, type ApiServer, startApi } from './server.ts';

describe('rate limits', () => {
  let world: World;
  let api: ApiServer;
  /** The clock stands still unless a test moves it, so that counts are exact on any machine. */
  let now = 1_000_000;
  beforeAll(async () => {
    world = await makeWorld({ RATE_LIMITS: 'on', TRUST_PROXY: 'on' });
    api = await startApi(world.core, { now: () => now });
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  const flood = async (count: number, one: () => Promise<Answer>) => {
    const answers: Answer[] = [];
    while (answers.length < count) {
      const lane = Math.min(50, count - answers.length);
      answers.push(...(await Promise.all(Array.from({ length: lane }, one))));
    }
    const passed = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 429);
    expect(passed + refused.length).toBe(count);
    for (const { error, headers } of refused) {
      expect(error?.code).toBe('rate_limited');
      expect(error?.retryAfterMs).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    return passed;
  };

  test('a thousand sends from one account: 300 pass, others are not held up, time helps', async () => {
    const [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
    const { conversation } = await actions.createGroup(ann.actor, world.core, {
      title: 'Flood',
      userIds: [bob.id],
    });
    const send = (who: TestPerson) => () =>
      api.call(
        'messages.send',
        { conversationId: conversation.id, clientId: crypto.randomUUID(), body: 'x' },
        { cookie: who.cookie },
      );
    expect(await flood(1_000, send(ann))).toBe(300);
    expect((await send(bob)()).status).toBe(200);
    expect((await api.call('me.get', undefined, { cookie: ann.cookie })).status).toBe(200);
    now += (await send(ann)()).error?.retryAfterMs ?? 0;
    expect((await send(ann)()).status).toBe(200);
    now += 60_000;
    expect(await flood(310, send(ann))).toBe(300);
  });

  test('other changes and queries of one account', async () => {
    const { cookie } = await world.person('Cid');
    expect(await flood(120, () => api.call('me.rename', { name: 'Cid' }, { cookie }))).toBe(100);
    expect(await flood(650, () => api.call('sync.inbox', { afterPos: 0 }, { cookie }))).toBe(600);
  });

  test('each call of a batch counts', async () => {
    const { cookie } = await world.person('Dan');
    const batch = Array.from({ length: 20 }, () => 'me.get').join(',');
    for (let n = 0; n < 30; n++) await api.raw(`${batch}?batch=1`, { headers: { cookie } });
    expect((await api.call('me.get', undefined, { cookie })).error?.code).toBe('rate_limited');
  });

  test('calls without a session, by address; what the client claims of it is not read', async () => {
    const status = (address: string) => () =>
      api.call('workspace.status', undefined, {
        headers: { 'x-forwarded-for': `${crypto.randomUUID()}, ${address}` },
      });
    expect(await flood(110, status('203.0.113.5'))).toBe(100);
    expect((await status('203.0.113.6')()).status).toBe(200);
  });

  test('sign-ups from one address', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.8' };
    for (let n = 0; n < 30; n++) await api.call('auth.signUp', {}, { headers });
    expect((await api.call('auth.signUp', {}, { headers })).error?.code).toBe('rate_limited');
  });

  const account = (name: string) => ({ name, email: `${name}@example.org`, password: 'correct horse' });
  const signIn = (email: string, password: string, address: string) =>
    api.call('auth.signIn', { email, password }, { headers: { 'x-forwarded-for': address } });

  test('guessing a password is slowed down, also at once, alike for nobody; the right one waits too', async () => {
    const { email, password } = account('known');
    await actions.signUp(world.core, account('known'), { ipAddress: null, userAgent: null });
    for (const [target, address] of [
      [email, '203.0.113.10'],
      ['nobody@example.org', '203.0.113.11'],
    ] as const) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => signIn(target, 'wrong horse', address)),
      );
      const codes = answers.map(({ error }) => error?.code);
      expect(codes.filter((code) => code === 'bad_credentials')).toHaveLength(5);
      expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(15);
    }
    expect((await signIn(email, password, '203.0.113.10')).error).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 1_000,
    });
    // The person at another place is not locked out.
    expect((await signIn(email, password, '203.0.113.12')).status).toBe(200);
    now += 1_000;
    expect((await signIn(email, password, '203.0.113.10')).status).toBe(200);
  });

  test('who signs in rightly again and again is never slowed down', async () => {
    const { email, password } = account('often');
    await actions.signUp(world.core, account('often'), { ipAddress: null, userAgent: null });
    for (let n = 0; n < 8; n++) expect((await signIn(email, password, '203.0.113.13')).status).toBe(200);
  });
});

describe('guesses', () => {
  let now = 0;
  const waitOf = (guesses: Guesses, email: string, address: string): number => {
    try {
      guesses.attempt(email, address);
      return 0;
    } catch (error) {
      return (error as { data: { retryAfterMs: number } }).data.retryAfterMs;
    }
  };
  /** Waits as told before each attempt; the waits in seconds. */
  const persist = (guesses: Guesses, count: number, target: (n: number) => [string, string]) =>
    Array.from({ length: count }, (_, n) => {
      const wait = waitOf(guesses, ...target(n));
      now += wait;
      if (wait > 0) guesses.attempt(...target(n));
      return wait / 1_000;
    });

  test('each further wrong one doubles the wait, up to a quarter of an hour', () => {
    const guesses = new Guesses(() => now);
    const waits = persist(guesses, 18, () => ['a@example.org', '192.0.2.1']);
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('many addresses on one e-mail: half a minute at most, so that nobody is locked out', () => {
    const guesses = new Guesses(() => now);
    const waits = persist(guesses, 40, (n) => ['b@example.org', `192.0.2.${n}`]);
    expect(waits.slice(0, 20).every((wait) => wait === 0)).toBe(true);
    expect(waits.at(-1)).toBe(30);
  });

  test('one address on many e-mails', () => {
    const guesses = new Guesses(() => now);
    const waits = persist(guesses, 70, (n) => [`p${n}@example.org`, '192.0.2.3']);
    expect(waits.slice(0, 50).every((wait) => wait === 0)).toBe(true);
    expect(waits.at(-1)).toBe(900);
  });

  test('a right one clears, an hour forgets', () => {
    const guesses = new Guesses(() => now);
    for (let n = 0; n < 4; n++) guesses.attempt('c@example.org', '192.0.2.4');
    guesses.attempt('c@example.org', '192.0.2.4')();
    expect(waitOf(guesses, 'c@example.org', '192.0.2.4')).toBe(0);
    for (let n = 0; n < 4; n++) guesses.attempt('c@example.org', '192.0.2.4');
    expect(waitOf(guesses, 'c@example.org', '192.0.2.4')).toBeGreaterThan(0);
    now += 3_600_001;
    expect(waitOf(guesses, 'c@example.org', '192.0.2.4')).toBe(0);
  });

  test('an IPv6 subscriber is one, whatever the last half', () => {
    expect(limitKey('2001:db8:1:2:3:4:5:6')).toBe(limitKey('2001:db8:1:2::9'));
    expect(limitKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(limitKey('192.0.2.1')).toBe('192.0.2.1');
  });
});
