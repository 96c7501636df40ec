import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApi } from './server.ts';

describe('two workspaces on two ports of one host', () => {
  let worlds: World[];
  let apis: ApiServer[];
  let people: TestPerson[];
  beforeAll(async () => {
    // The same key: only the address tells them apart.
    worlds = await Promise.all(
      ['3000', '3001'].map((port) => makeWorld({ PUBLIC_URL: `http://localhost:${port}` })),
    );
    apis = await Promise.all(worlds.map(({ core }) => startApi(core)));
    people = await Promise.all(worlds.map((world, n) => world.person(`Ann ${n}`)));
  });
  afterAll(async () => {
    await Promise.all(apis.map((api) => api.close()));
    await Promise.all(worlds.map((world) => world.close()));
  });
  const [first, second] = [0, 1] as const;
  const meAt = (n: number, cookie: string) => apis[n]?.call('me.get', undefined, { cookie });
  const cookieOf = (n: number) => (people[n] as TestPerson).cookie;
  const sessionOf = (n: number) => cookieOf(n).slice(cookieOf(n).indexOf('=') + 1);

  test('one browser is signed in to both, and signing out of one leaves the other', async () => {
    const both = `${cookieOf(first)}; ${cookieOf(second)}`;
    for (const n of [first, second]) {
      const answer = await meAt(n, both);
      expect(answer?.data.id).toBe(people[n]?.id);
      expect(answer?.headers.getSetCookie()).toEqual([]);
    }
    const other = await (worlds[second] as World).device(people[second] as TestPerson);
    const out = await apis[second]?.call('auth.signOut', undefined, {
      cookie: `${cookieOf(first)}; ${other.cookie}`,
      headers: { origin: 'http://localhost:3001' },
    });
    expect(out?.headers.getSetCookie().map((one) => one.split('=', 1)[0])).toEqual([
      other.cookie.split('=', 1)[0],
    ]);
  });

  test('the cookie with the former name is accepted and exchanged', async () => {
    const answer = await meAt(first, `lockstep.session_token=${sessionOf(first)}`);
    expect(answer?.data.id).toBe(people[first]?.id);
    const set = answer?.headers.getSetCookie() ?? [];
    expect(set).toHaveLength(2);
    expect(set[0]).toMatch(
      new RegExp(`^${cookieOf(first).replaceAll(/[.%]/g, '.')}; Max-Age=(2591\\d{3}|2592000); `),
    );
    expect(set[1]).toMatch(/^lockstep\.session_token=; Max-Age=0/);
    const next = await meAt(first, (set[0] as string).split(';', 1)[0] as string);
    expect([next?.data.id, next?.headers.getSetCookie()]).toEqual([people[first]?.id, []]);
  });

  test('a cookie with the former name of the other workspace is ignored', async () => {
    const answer = await meAt(first, `lockstep.session_token=${sessionOf(second)}`);
    expect([answer?.error?.code, answer?.headers.getSetCookie()]).toEqual(['unauthenticated', []]);
    const beside = await meAt(first, `lockstep.session_token=${sessionOf(second)}; ${cookieOf(first)}`);
    expect([beside?.data.id, beside?.headers.getSetCookie()]).toEqual([people[first]?.id, []]);
  });

  test('the workspace under a new address takes its cookie along', async () => {
    const name = cookieOf(second).split('=', 1)[0];
    const answer = await meAt(first, `${name}=${sessionOf(first)}`);
    expect(answer?.data.id).toBe(people[first]?.id);
    expect(answer?.headers.getSetCookie()[0]?.split('=', 1)[0]).toBe(cookieOf(first).split('=', 1)[0]);
  });

  test('an unsigned cookie is ignored under any name', async () => {
    for (const name of [cookieOf(first).split('=', 1)[0], 'lockstep.session_token', 'lockstep-00000000'])
      for (const value of ['', 'x', '%E0%A4%A', 'a.b', `${sessionOf(first)}x`, '..', '%00.%00']) {
        const { status, error } = (await meAt(first, `${name}=${value}`)) ?? {};
        expect([status, error?.code, error?.ended], `${name}=${value}`).toEqual([
          401,
          'unauthenticated',
          undefined,
        ]);
      }
  });
});
