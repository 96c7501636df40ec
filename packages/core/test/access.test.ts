import { type Actor, actions, type Device, queries, sessionFromCookie } from '@lockstep/core';
import { setPassword, verifyAudit } from '@lockstep/db';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const from: Device = { ipAddress: '192.0.2.7', userAgent: null };
const PASSWORD = 'violet harbour 12';
/** Of somebody who is called Annabel Novak. */
const WEAK = [
  ['password', 'common'],
  ['Annabel1', 'personal'],
] as const;

type Administrator = actions.Administrator;

describe('access of people', () => {
  let world: World;
  let admin: TestPerson;
  let ben: TestPerson;
  let by: { actor: Actor; from: Device };
  let email: string;
  let hash: string;
  beforeAll(async () => {
    world = await makeWorld();
    hash = await world.core.passwords.hash('', PASSWORD);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.core.db.pool.query(`update "user" set role = 'member'`);
    admin = await world.person('Admin', { role: 'admin' });
    ben = await world.person('Ben');
    email = `${ben.id}@example.org`;
    await world.core.db.pool.query('update "user" set email = $2 where id = $1', [ben.id, email]);
    await setPassword(world.core.db.pool, ben.id, hash, null);
    by = { actor: admin.actor, from };
    world.published.clear();
  });

  const callBen = (name: string) =>
    world.core.db.pool.query('update "user" set name = $2 where id = $1', [ben.id, name]);
  const who = ({ cookie }: { cookie: string }) => sessionFromCookie(world.core, cookie);
  const signIn = (password: string) => actions.signIn(world.core, { email, password }, from);
  const lastEntry = async () => (await queries.listAudit(admin.actor, world.core, { limit: 1 })).entries[0];
  const listed = async (id: string) => {
    for (const filter of ['active', 'deactivated'] as const) {
      const { people } = await queries.listPeople(admin.actor, world.core, { query: '', filter, limit: 100 });
      const found = people.find((person) => person.id === id);
      if (found) return found;
    }
    return null;
  };

  describe('changing the password', () => {
    test('needs the current one, ends the other sessions at once and keeps this one', async () => {
      const other = await world.device(ben);
      expect(await who(other)).not.toBeNull();
      const change = (current: string) =>
        actions.changePassword(ben.actor, world.core, from, { current, password: 'ochre lantern 77' });
      await expect(change('wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
      expect(await who(other)).not.toBeNull();
      expect(await change(PASSWORD)).toEqual({ devices: 1 });
      expect(await who(other)).toBeNull();
      expect(await who(ben)).not.toBeNull();
      expect(world.published.of('ended')).toEqual([
        { to: 'ended', target: { userId: ben.id, sessionId: other.sessionId }, reason: 'revoked' },
      ]);
      await expect(signIn(PASSWORD)).rejects.toMatchObject({ code: 'bad_credentials' });
      expect((await signIn('ochre lantern 77')).me.id).toBe(ben.id);
      expect(await lastEntry()).toMatchObject({
        action: 'password',
        actorId: ben.id,
        asked: { userId: ben.id, name: 'Ben', by: 'self', devices: 1 },
      });
    });

    test.each(WEAK)(
      'to one that is easy to guess is refused, and changes nothing: %s',
      async (password, weakness) => {
        await callBen('Annabel Novak');
        const other = await world.device(ben);
        const change = actions.changePassword(ben.actor, world.core, from, { current: PASSWORD, password });
        await expect(change).rejects.toMatchObject({ code: 'weak_password', data: { weakness } });
        expect(await who(other)).not.toBeNull();
        expect((await signIn(PASSWORD)).me.id).toBe(ben.id);
      },
    );

    test('two at once from the same password: one wins', async () => {
      const both = ['ochre lantern 77', 'indigo meadow 31'].map((password) =>
        actions.changePassword(ben.actor, world.core, from, { current: PASSWORD, password }),
      );
      const states = (await Promise.allSettled(both)).map((one) =>
        one.status === 'fulfilled' ? 'changed' : one.reason.code,
      );
      expect(states.sort()).toEqual(['changed', 'conflict']);
    });

    test('a sign-in that was checked against the password of before gets no session', async () => {
      const { passwords } = world.core;
      const verify = passwords.verify.bind(passwords);
      passwords.verify = async (...args) => {
        const right = await verify(...args);
        passwords.verify = verify;
        await actions.changePassword(ben.actor, world.core, from, {
          current: PASSWORD,
          password: 'ochre lantern 77',
        });
        return right;
      };
      await expect(signIn(PASSWORD)).rejects.toMatchObject({ code: 'bad_credentials' });
      const { devices } = await queries.listDevices(ben.actor, world.core);
      expect(devices.map(({ id }) => id)).toEqual([ben.actor.sessionId]);
    });
  });

  describe('deactivating', () => {
    const setActive = (active: boolean) =>
      actions.setPersonActive(by, world.core, { userId: ben.id, active });

    test('ends every session, and sign-in says why to the right password only', async () => {
      const other = await world.device(ben);
      await setActive(false);
      for (const device of [ben, other]) {
        expect(await who(device)).toBeNull();
        expect((await world.core.sessions.refusal(device.cookie)).data).toEqual({ ended: 'revoked' });
      }
      expect(
        world.published
          .of('ended')
          .map(({ target }) => target.sessionId)
          .sort(),
      ).toEqual([ben.actor.sessionId, other.sessionId].sort());
      await expect(signIn(PASSWORD)).rejects.toMatchObject({ code: 'deactivated' });
      await expect(signIn('wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
      expect(await lastEntry()).toMatchObject({
        action: 'deactivate',
        actorId: admin.id,
        asked: { userId: ben.id, name: 'Ben', email, devices: 2 },
      });
      expect(await listed(ben.id)).toMatchObject({ deactivated: true, devices: 0 });
      await setActive(true);
      expect((await signIn(PASSWORD)).me.id).toBe(ben.id);
      expect((await lastEntry())?.action).toBe('reactivate');
    });

    test('a sign-in that was under way gets no session, whichever comes first', async () => {
      for (let n = 0; n < 5; n++) {
        const [signedIn] = await Promise.allSettled([signIn(PASSWORD), setActive(false)]);
        if (signedIn.status === 'fulfilled')
          expect(await sessionFromCookie(world.core, signedIn.value.setCookie.split(';', 1)[0])).toBeNull();
        const { rows } = await world.core.db.pool.query('select 1 from session where user_id = $1', [ben.id]);
        expect(rows).toEqual([]);
        await setActive(true);
      }
    });

    test('keeps memberships and messages, and brings nobody together with them any more', async () => {
      const { conversation } = await actions.createGroup(ben.actor, world.core, {
        title: 'Trip',
        userIds: [admin.id],
      });
      const conversationId = conversation.id;
      const say = { conversationId, clientId: crypto.randomUUID(), body: 'hello' };
      await actions.sendMessage(ben.actor, world.core, say);
      await setActive(false);
      const page = await queries.listMembers(admin.actor, world.core, { conversationId, limit: 10 });
      expect(page.members.find(({ userId }) => userId === ben.id)?.person).toMatchObject({
        deactivated: true,
      });
      const search = async (active: boolean) =>
        (await queries.searchPeople(admin.actor, world.core, { query: 'Ben', limit: 100, active })).filter(
          ({ id }) => id === ben.id,
        );
      expect(await search(false)).toEqual([expect.objectContaining({ deactivated: true })]);
      expect(await search(true)).toEqual([]);
      const create = { title: 'Next', userIds: [ben.id] };
      await expect(actions.createGroup(admin.actor, world.core, create)).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(actions.openDirect(admin.actor, world.core, { userId: ben.id })).rejects.toMatchObject({
        code: 'not_found',
      });
      // Who is in already stays so, also when asked for again.
      const again = { conversationId, userIds: [ben.id] };
      const { cookie: _, actor } = ben;
      await expect(actions.addMembers({ ...actor }, world.core, again)).resolves.toBeDefined();
    });
  });

  describe('roles', () => {
    const setRole = (userId: string, role: 'admin' | 'member', as: Administrator = by) =>
      actions.setPersonRole(as, world.core, { userId, role });

    test('hold from the next request of every session on', async () => {
      expect((await who(ben))?.role).toBe('member');
      await setRole(ben.id, 'admin');
      expect((await who(ben))?.role).toBe('admin');
      expect(await lastEntry()).toMatchObject({ action: 'role', asked: { userId: ben.id, role: 'admin' } });
      const asBen = { actor: { ...ben.actor, role: 'admin' as const }, from };
      await setRole(admin.id, 'member', asBen);
      expect((await who(admin))?.role).toBe('member');
      // What a process still takes for an admin is looked up again.
      await expect(setRole(ben.id, 'member')).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('the last active admin is kept', async () => {
      const lastAdmin = { code: 'last_admin' };
      await expect(setRole(admin.id, 'member')).rejects.toMatchObject(lastAdmin);
      const deactivate = { userId: admin.id, active: false };
      await expect(actions.setPersonActive(by, world.core, deactivate)).rejects.toMatchObject(lastAdmin);
      await expect(actions.setPersonActive('command line', world.core, deactivate)).rejects.toMatchObject(
        lastAdmin,
      );
      // A deactivated admin and a name from an import that has the role do not count.
      await setRole(ben.id, 'admin');
      await actions.setPersonActive(by, world.core, { userId: ben.id, active: false });
      await world.person('ghost', { role: 'admin', placeholder: true });
      await expect(setRole(admin.id, 'member')).rejects.toMatchObject(lastAdmin);
      expect(await listed(admin.id)).toMatchObject({ role: 'admin', admin: true, deactivatedAt: null });
    });

    test('two admins who withdraw each other at once leave one', async () => {
      for (const withdraw of [
        (target: string, as: Administrator) => setRole(target, 'member', as),
        (userId: string, as: Administrator) =>
          actions.setPersonActive(as, world.core, { userId, active: false }),
      ]) {
        await actions.setPersonActive('command line', world.core, { userId: admin.id, active: true });
        await actions.setPersonActive('command line', world.core, { userId: ben.id, active: true });
        await setRole(admin.id, 'admin', 'command line');
        await setRole(ben.id, 'admin', 'command line');
        const asBen = { actor: { ...ben.actor, role: 'admin' as const }, from };
        const results = await Promise.allSettled([withdraw(ben.id, by), withdraw(admin.id, asBen)]);
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'forbidden' },
        });
      }
    });
  });

  describe('a link to set a password', () => {
    const link = () => actions.makeResetLink(by, world.core, { userId: ben.id });
    const use = (code: string, password = 'ochre lantern 77') =>
      actions.resetPassword(world.core, { code, password }, from);

    test('works once, ends all sessions, and only its hash is stored', async () => {
      const { code, expiresAt } = await link();
      expect(expiresAt - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
      expect(expiresAt - Date.now()).toBeLessThanOrEqual(24 * 3_600_000 + 1_000);
      expect(await actions.isResetCode(world.core, code)).toBe(true);
      const { rows } = await world.core.db.pool.query('select * from password_reset where user_id = $1', [
        ben.id,
      ]);
      expect(JSON.stringify(rows)).not.toContain(code);
      expect((await listed(ben.id))?.resetUntil).toBe(expiresAt);
      expect(await use(code)).toEqual({ userId: ben.id, email });
      expect(await who(ben)).toBeNull();
      await expect(signIn(PASSWORD)).rejects.toMatchObject({ code: 'bad_credentials' });
      expect((await signIn('ochre lantern 77')).me.id).toBe(ben.id);
      await expect(use(code)).rejects.toMatchObject({ code: 'not_found' });
      expect(await actions.isResetCode(world.core, code)).toBe(false);
      expect(await lastEntry()).toMatchObject({ action: 'password', actorId: ben.id, asked: { by: 'link' } });
    });

    test.each(WEAK)(
      'takes none that is easy to guess, and is not used up by it: %s',
      async (password, weakness) => {
        await callBen('Annabel Novak');
        const { code } = await link();
        await expect(use(code, password)).rejects.toMatchObject({
          code: 'weak_password',
          data: { weakness },
        });
        expect(await who(ben)).not.toBeNull();
        expect((await signIn(PASSWORD)).me.id).toBe(ben.id);
        expect(await use(code)).toEqual({ userId: ben.id, email });
      },
    );

    test('twice at once is used once', async () => {
      const { code } = await link();
      const results = await Promise.allSettled([use(code), use(code, 'indigo meadow 31')]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('is void after a newer one, a day, a change of the password, or a deactivation', async () => {
      const dead = async (code: string) => expect(use(code)).rejects.toMatchObject({ code: 'not_found' });
      const [first, second] = [await link(), await link()];
      await dead(first.code);
      await world.core.db.pool.query(
        `update password_reset set expires_at = now() - interval '1 s' where user_id = $1`,
        [ben.id],
      );
      await dead(second.code);
      const third = await link();
      const next = { current: PASSWORD, password: 'indigo meadow 31' };
      await actions.changePassword(ben.actor, world.core, from, next);
      await dead(third.code);
      const fourth = await link();
      await actions.setPersonActive(by, world.core, { userId: ben.id, active: false });
      await dead(fourth.code);
      await expect(link()).rejects.toMatchObject({ code: 'conflict' });
      await actions.setPersonActive(by, world.core, { userId: ben.id, active: true });
      await dead(fourth.code);
    });
  });

  test('ending the sessions of a person ends all of them, and says how many', async () => {
    await world.device(ben);
    expect(await actions.endPersonSessions(by, world.core, { userId: ben.id })).toEqual({ devices: 2 });
    expect(await who(ben)).toBeNull();
    expect(await lastEntry()).toMatchObject({ action: 'signOut', asked: { userId: ben.id, devices: 2 } });
    expect((await signIn(PASSWORD)).me.id).toBe(ben.id);
  });

  test('repeating a state changes nothing and writes nothing (rule 13)', async () => {
    const head = async () => (await queries.listAudit(admin.actor, world.core, { limit: 1 })).head.n;
    const before = await head();
    await actions.setPersonActive(by, world.core, { userId: ben.id, active: true });
    await actions.setPersonRole(by, world.core, { userId: ben.id, role: 'member' });
    expect(await head()).toBe(before);
  });

  test('the command line is an actor of its own, and the chain stays whole', async () => {
    await actions.setPersonRole('command line', world.core, { userId: ben.id, role: 'admin' });
    expect(await lastEntry()).toMatchObject({ actorName: 'command line', action: 'role', address: null });
    expect((await verifyAudit(world.core.db)).faults).toEqual([]);
  });

  test('nobody, and a name from an import', async () => {
    const ghost = await world.person('ghost', { placeholder: true });
    for (const [userId, code] of [
      [crypto.randomUUID(), 'not_found'],
      [ghost.id, 'conflict'],
    ] as const)
      for (const work of [
        () => actions.setPersonActive(by, world.core, { userId, active: false }),
        () => actions.setPersonRole(by, world.core, { userId, role: 'admin' }),
        () => actions.endPersonSessions(by, world.core, { userId }),
        () => actions.makeResetLink(by, world.core, { userId }),
      ])
        await expect(work()).rejects.toMatchObject({ code });
  });

  test('a session that ends while it is looked up is not remembered', async () => {
    const { pool } = world.core.db;
    const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
    let read: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      read = resolve;
    });
    pool.query = (async (...args: unknown[]) => {
      const answer = await query(...args);
      if ((args[0] as { name?: string }).name === 'session-by-token') await ended;
      return answer;
    }) as never;
    const { cookie, sessionId } = await world.device(ben);
    const early = who({ cookie });
    pool.query = query as never;
    await actions.revokeDevice(ben.actor, world.core, { deviceId: sessionId });
    read();
    await early;
    expect(await who({ cookie })).toBeNull();
  });

  test('people are paged by name, found by name and e-mail, and counted', async () => {
    const list = (more: object) =>
      queries.listPeople(admin.actor, world.core, { query: '', filter: 'active', limit: 2, ...more });
    const names: string[] = [];
    const ids = new Set<string>();
    let after: string | undefined;
    do {
      const page = await list({ after });
      for (const { id, name } of page.people) {
        ids.add(id);
        names.push(name.toLowerCase());
      }
      expect(page.counts === null).toBe(after !== undefined);
      after = page.next ?? undefined;
    } while (after);
    expect(names).toEqual([...names].sort());
    expect(ids.size).toBe((await list({})).counts?.active);
    expect((await list({ query: email.slice(0, 20) })).people.map(({ id }) => id)).toEqual([ben.id]);
    expect((await list({ filter: 'admins' })).people.map(({ id }) => id)).toEqual([admin.id]);
    await expect(async () =>
      queries.listPeople(ben.actor, world.core, { query: '', filter: 'active', limit: 2 }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
