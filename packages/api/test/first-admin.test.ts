import { firstAdminCodeOf } from '@lockstep/core';
import { makeWorld, type World } from '@lockstep/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiServer, startApi } from './server.ts';

const account = (n: number) => ({ name: `P${n}`, email: `p${n}@example.org`, password: 'correct horse' });

describe('the first account', () => {
  let world: World;
  let api: ApiServer;
  const open = async (env: Record<string, string>) => {
    world = await makeWorld(env);
    api = await startApi(world.core);
  };
  beforeEach(() => open({ PUBLIC_URL: '' }));
  afterEach(async () => {
    await api.close();
    await world.close();
  });
  const signUp = (input: object, headers: Record<string, string> = {}) =>
    api.call('auth.signUp', input, { headers: { origin: api.url, ...headers } });
  const fromAfar = { 'x-forwarded-for': '203.0.113.8' };

  test('made on this machine needs no code', async () => {
    expect((await signUp(account(1))).data.role).toBe('admin');
  });

  test('made from another one needs the code that was printed, whichever way it is written', async () => {
    const code = firstAdminCodeOf(world.core.settings);
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    for (const wrong of [undefined, '', 'ABCD-EFGH-JKMN', code.slice(0, -1), `${code}A`]) {
      const { status, error } = await signUp({ ...account(1), code: wrong }, fromAfar);
      expect([status, error?.code], wrong).toEqual([403, 'code_required']);
    }
    const { rows } = await world.core.db.pool.query('select 1 from "user"');
    expect(rows).toEqual([]);
    const written = ` ${code.toLowerCase().replaceAll('-', ' ')} `;
    expect((await signUp({ ...account(1), code: written }, fromAfar)).data.role).toBe('admin');
    // Everybody after that is a member, and is not asked.
    expect((await signUp(account(2), fromAfar)).data.role).toBe('member');
    expect((await signUp({ ...account(3), code }, fromAfar)).data.role).toBe('member');
  });

  test('on a page of another name that leads here (DNS rebinding) is refused before', async () => {
    const { error } = await signUp(account(1), { origin: 'http://evil.example' });
    expect(error?.code).toBe('wrong_origin');
  });

  test('two from afar at once, one with the code: it is the admin', async () => {
    const code = firstAdminCodeOf(world.core.settings);
    const answers = await Promise.all([
      signUp(account(1), fromAfar),
      signUp({ ...account(2), code }, fromAfar),
      signUp(account(3), fromAfar),
    ]);
    expect(answers[1]?.data.role).toBe('admin');
    for (const { data } of answers.filter((answer) => answer.status === 200 && answer !== answers[1]))
      expect(data.role).toBe('member');
  });
});
