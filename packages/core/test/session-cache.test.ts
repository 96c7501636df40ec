import { actions, sessionFromCookie } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

let world: World;
let ann: TestPerson;
let phone: Awaited<ReturnType<World['device']>>;
beforeAll(async () => {
  world = await makeWorld();
  ann = await world.person('Ann');
});
afterAll(() => world.close());
beforeEach(async () => {
  phone = await world.device(ann);
  // Only the clock stands still: timers and the database go on.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => vi.useRealTimers());

const who = async () => (await sessionFromCookie(world.core, phone.cookie))?.sessionId ?? null;
/** As another process does: the cache of this one hears nothing of it. */
const endElsewhere = () => world.core.db.pool.query('delete from session where id = $1', [phone.sessionId]);
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe('sessions in memory', () => {
  test('rule 10: a session that ends while it is looked up is not kept by that look', async () => {
    const looking = who();
    // Revoked in this very moment: what is being read may be from before.
    world.core.sessions.forget(ann.id);
    await looking;
    await endElsewhere();
    expect(await who()).toBeNull();
  });

  test('rule 10: the same where it is read again before it is too old', async () => {
    expect(await who()).toBe(phone.sessionId);
    later(3_000);
    const again = who();
    world.core.sessions.forget(ann.id);
    await again;
    await endElsewhere();
    expect(await who()).toBeNull();
  });

  test('rule 10: revoked, all devices that were looked up at that moment are looked up again', async () => {
    const laptop = await world.device(ann);
    const looks = [phone, laptop].map(({ cookie }) => sessionFromCookie(world.core, cookie));
    await actions.revokeOtherDevices({ ...ann.actor, sessionId: laptop.sessionId }, world.core);
    await Promise.all(looks);
    expect(await who()).toBeNull();
    expect((await sessionFromCookie(world.core, laptop.cookie))?.sessionId).toBe(laptop.sessionId);
  });

  test('a session ended by another process is accepted for 5 s at most', async () => {
    expect(await who()).toBe(phone.sessionId);
    await endElsewhere();
    expect(await who()).toBe(phone.sessionId);
    later(5_000);
    expect(await who()).toBeNull();
  });

  test('one that is used is read again in the meantime, and nobody waits for it', async () => {
    expect(await who()).toBe(phone.sessionId);
    await endElsewhere();
    later(2_500);
    expect(await who()).toBe(phone.sessionId);
    // Not yet older than half of the time.
    expect(
      world.core.db.pool.waitingCount + world.core.db.pool.totalCount - world.core.db.pool.idleCount,
    ).toBe(0);
    later(1);
    expect(await who()).toBe(phone.sessionId);
    await expect.poll(who).toBeNull();
  });

  test('one that runs out is nobody from that moment on, though it is in memory', async () => {
    expect(await who()).toBe(phone.sessionId);
    await world.core.db.pool.query(
      'update session set expires_at = to_timestamp($2::float8 / 1000) where id = $1',
      [phone.sessionId, Date.now() + 1_000],
    );
    world.core.sessions.forget(ann.id);
    expect(await who()).toBe(phone.sessionId);
    later(999);
    expect(await who()).toBe(phone.sessionId);
    later(1);
    expect(await who()).toBeNull();
  });

  test('a look that failed is tried again at the next use', async () => {
    const { pool } = world.core.db;
    await pool.query('alter table session rename to session_away');
    await expect(who()).rejects.toThrow('session');
    await pool.query('alter table session_away rename to session');
    expect(await who()).toBe(phone.sessionId);
  });
});
