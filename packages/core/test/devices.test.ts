import { actions, queries, sessionFromCookie } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const FIREFOX = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0';
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0';

let world: World;
let ann: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  [ann, bob] = [await world.person('Ann'), await world.person('Bob')];
  world.published.clear();
});

const open = (person: TestPerson, userAgent?: string) => world.device(person, userAgent);
const list = async ({ actor }: TestPerson) => queries.listDevices(actor, world.core);
const store = (sql: string, sessionId: string) =>
  world.core.db.pool.query(`update session set ${sql} where id = $1`, [sessionId]);

describe('devices', () => {
  test('are listed with name, browser, place and who is online, the last active first', async () => {
    const phone = await open(ann, FIREFOX);
    const laptop = await open(ann, EDGE);
    const stale = await open(ann, EDGE);
    await store("expires_at = now() - interval '1 second'", stale.sessionId);
    await store(`last_active_at = now() - interval '2 hours', pos = 1`, phone.sessionId);
    await store(`last_active_at = now() - interval '1 hour'`, laptop.sessionId);
    await actions.renameDevice(ann.actor, world.core, { deviceId: laptop.sessionId, name: 'Work' });
    await actions.createGroup(ann.actor, world.core, { title: 'Trip', userIds: [] });
    world.published.sockets.add(phone.sessionId);
    const { devices, headPos } = await list(ann);
    expect(headPos).toBe(1);
    const nothing = { name: null, browser: null, system: null, current: false, online: false, pos: 0 };
    expect(devices.map(({ createdAt: _, lastActiveAt: __, ...device }) => device)).toEqual([
      { ...nothing, id: ann.actor.sessionId, current: true },
      { ...nothing, id: laptop.sessionId, name: 'Work', browser: 'Microsoft Edge 141', system: 'Windows' },
      { ...nothing, id: phone.sessionId, browser: 'Firefox 143', system: 'macOS', online: true, pos: 1 },
    ]);
    expect(Math.abs((devices[2]?.lastActiveAt ?? 0) + 7_200_000 - Date.now())).toBeLessThan(60_000);
    expect((await list(bob)).devices.map(({ id }) => id)).toEqual([bob.actor.sessionId]);
  });

  test('a user agent that tells nothing is no defect', async () => {
    for (const userAgent of ['', 'node', 'curl/8.5.0', '\u{1f4a9}'.repeat(75)]) await open(ann, userAgent);
    expect((await list(ann)).devices).toHaveLength(5);
  });

  test('rule 10: revoked, a device is refused from its next request on, and only the own can be', async () => {
    const phone = await open(ann);
    const who = () => sessionFromCookie(world.core, phone.cookie);
    expect((await who())?.userId).toBe(ann.id);
    const revoke = (by: TestPerson, deviceId = phone.sessionId) =>
      actions.revokeDevice(by.actor, world.core, { deviceId });
    const refused = { code: 'not_found' };
    await expect(revoke(bob)).rejects.toMatchObject(refused);
    await expect(
      actions.renameDevice(bob.actor, world.core, { deviceId: phone.sessionId, name: 'Mine' }),
    ).rejects.toMatchObject(refused);
    expect(await who()).not.toBeNull();
    expect(world.published.all).toEqual([]);
    await revoke(ann);
    expect(await who()).toBeNull();
    expect(world.published.all).toEqual([
      { to: 'ended', target: { userId: ann.id, sessionId: phone.sessionId }, reason: 'revoked' },
    ]);
    await expect(revoke(ann)).rejects.toMatchObject(refused);
    expect((await list(ann)).devices.map(({ name }) => name)).toEqual([null]);
  });

  test('all others: each is told, this one stays, other people are left alone', async () => {
    const others = await Promise.all([open(ann), open(ann)]);
    await actions.revokeOtherDevices(ann.actor, world.core);
    expect((await list(ann)).devices).toMatchObject([{ id: ann.actor.sessionId, current: true }]);
    const reported = world.published.of('ended').map(({ target }) => target.sessionId);
    expect(reported.sort()).toEqual(others.map(({ sessionId }) => sessionId).sort());
    expect((await list(bob)).devices).toHaveLength(1);
    expect(await sessionFromCookie(world.core, ann.cookie)).not.toBeNull();
  });

  test('a cookie without a session says why it ended, as long as the cookie would have lasted', async () => {
    const [revoked, expired, signedOut] = await Promise.all([open(ann), open(ann), open(ann)]);
    const why = async (cookie: string | undefined) => (await world.core.sessions.refusal(cookie)).data.ended;
    await actions.revokeDevice(ann.actor, world.core, { deviceId: revoked.sessionId });
    await store("expires_at = now() - interval '1 second'", expired.sessionId);
    await actions.signOut({ ...ann.actor, sessionId: signedOut.sessionId }, world.core);
    expect(await why(revoked.cookie)).toBe('revoked');
    expect(await why(expired.cookie)).toBe('expired');
    expect(await why(signedOut.cookie)).toBe('expired');
    for (const cookie of [undefined, '', 'x=y', revoked.cookie.replace(/.{4}$/, 'AAAA')])
      expect(await why(cookie)).toBeUndefined();
    const { pool } = world.core.db;
    const { rows } = await pool.query('select * from revoked_session');
    // The token itself is not kept: who reads the table cannot sign in with it.
    expect(JSON.stringify(rows)).not.toContain(
      decodeURIComponent(revoked.cookie).split('=')[1]?.split('.')[0],
    );
    await pool.query("update revoked_session set expires_at = now() - interval '1 second'");
    await actions.revokeOtherDevices(ann.actor, world.core);
    expect((await pool.query('select 1 from revoked_session')).rowCount).toBe(0);
  });

  test('activity is written once a minute at most, and no request waits for it', async () => {
    const activity = async () => (await list(ann)).devices[0]?.lastActiveAt ?? 0;
    await store(`last_active_at = now() - interval '1 hour'`, ann.actor.sessionId);
    const fresh = await open(ann);
    await sessionFromCookie(world.core, fresh.cookie);
    const before = (await list(ann)).devices.find(({ id }) => id === fresh.sessionId)?.lastActiveAt;
    world.core.sessions.forget(ann.id);
    await sessionFromCookie(world.core, ann.cookie);
    await expect.poll(activity, { timeout: 10_000 }).toBeGreaterThan(Date.now() - 60_000);
    const after = (await list(ann)).devices.find(({ id }) => id === fresh.sessionId)?.lastActiveAt;
    expect(after).toBe(before);
  });
});
