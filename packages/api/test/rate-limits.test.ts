import { actions } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    expect(await flood(410, status('203.0.113.5'))).toBe(400);
    expect((await status('203.0.113.6')()).status).toBe(200);
  });

  test('sign-ups from one address', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.8' };
    for (let n = 0; n < 200; n++) await api.call('auth.signUp', {}, { headers });
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

  test('an office that comes at once: 40 sign-ups and 60 right sign-ins from one address, none is refused', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.20' };
    const accounts = Array.from({ length: 40 }, (_, n) => account(`office${n}`));
    const ups = await Promise.all(accounts.map((input) => api.call('auth.signUp', input, { headers })));
    expect(new Set(ups.map(({ status, error }) => error?.code ?? status))).toEqual(new Set([200]));
    const ins = await Promise.all(
      [...accounts, ...accounts.slice(0, 20)].map(({ email, password }) =>
        signIn(email, password, '203.0.113.20'),
      ),
    );
    expect(new Set(ins.map(({ status, error }) => error?.code ?? status))).toEqual(new Set([200]));
  });

  test('guesses from ever new addresses do not lock out who is known: by the device, or by the address', async () => {
    const { email, password } = account('owner');
    const up = await api.call('auth.signUp', account('owner'), {
      headers: { 'x-forwarded-for': '203.0.113.30' },
    });
    const cookies = up.headers.getSetCookie().map((line) => line.split(';', 1)[0] as string);
    const device = cookies.find((cookie) => cookie.startsWith(`${world.core.knownDevices.cookieName}=`));
    expect(device).toBeDefined();
    const owner = (address: string, cookie?: string) =>
      api.call(
        'auth.signIn',
        { email, password },
        { cookie, headers: { 'x-forwarded-for': address, ...(cookie ? {} : { origin: '' }) } },
      );
    for (let n = 0; n < 24; n++) await signIn(email, 'wrong horse', `198.51.100.${n}`);
    expect((await signIn(email, 'wrong horse', '198.51.100.99')).error?.code).toBe('rate_limited');
    // Elsewhere on a device that nobody knows: as limited as those who guess.
    expect((await signIn(email, password, '203.0.113.31')).error?.code).toBe('rate_limited');
    expect((await signIn(email, password, '203.0.113.30')).status).toBe(200);
    expect((await owner('203.0.113.32', device)).status).toBe(200);
    // The cookie lets nobody in, is good for its account only, and a device that guesses is slowed down itself.
    const asDevice = (target: string, given: string) =>
      api.call(
        'auth.signIn',
        { email: target, password: 'wrong horse' },
        { cookie: given, headers: { 'x-forwarded-for': '203.0.113.33' } },
      );
    const [forged] = [`${device?.slice(0, -3)}AAA`];
    expect((await asDevice(email, forged as string)).error?.code).toBe('rate_limited');
    for (let n = 0; n < 5; n++)
      expect((await asDevice(email, device as string)).error?.code).toBe('bad_credentials');
    expect((await asDevice(email, device as string)).error?.code).toBe('rate_limited');
  });

  test('guessing the current password with a session is slowed down as well', async () => {
    const eve = await world.person('Eve');
    const change = () =>
      api.call(
        'me.changePassword',
        { current: 'wrong horse', password: 'ochre lantern 77' },
        { cookie: eve.cookie },
      );
    const answers = await Promise.all(Array.from({ length: 10 }, change));
    expect(answers.filter(({ error }) => error?.code === 'bad_credentials')).toHaveLength(5);
    expect(answers.filter(({ error }) => error?.code === 'rate_limited')).toHaveLength(5);
  });

  test('who signs in rightly again and again is never slowed down', async () => {
    const { email, password } = account('often');
    await actions.signUp(world.core, account('often'), { ipAddress: null, userAgent: null });
    for (let n = 0; n < 8; n++) expect((await signIn(email, password, '203.0.113.13')).status).toBe(200);
  });
});
