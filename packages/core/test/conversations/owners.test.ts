import { actions } from '@lockstep/core';
import type { TestPerson } from '@lockstep/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { ann, bob, channel, eve, give, group, ownPeople, reported, roleOf, world } from './people.ts';

ownPeople();

const setActive = async (who: TestPerson, active: boolean) => {
  const admin = await world.person('Admin', { role: 'admin' });
  const by = { actor: admin.actor, from: { ipAddress: null, userAgent: null } };
  await actions.setPersonActive(by, world.core, { userId: who.id, active });
};
const owned = (by: TestPerson, next: TestPerson) => ({
  ...{ type: 'role', userId: next.id, role: 'owner', by: by.id },
});

describe('whoever is deactivated owns nothing alone', () => {
  // Signed in anew by each test: a deactivated person has no session.
  beforeEach(() => world.core.db.pool.query('update "user" set deactivated_at = null'));

  test('the admin who came first becomes an owner, which all are told, and the person', async () => {
    const { id } = await group(bob, eve);
    await give(id, eve, 'admin');
    world.published.clear();
    await setActive(ann, false);
    expect(reported(id)).toEqual([owned(ann, eve)]);
    expect(world.published.of('inbox')).toMatchObject([{ userId: eve.id, entry: { role: 'owner' } }]);
    expect(await roleOf(id, bob, bob)).toBe('member');
    // And can do what owners do.
    await actions.setRole(eve.actor, world.core, { conversationId: id, userId: bob.id, role: 'admin' });
  });

  test('without an admin it is the member who came first', async () => {
    const { id } = await channel('public', eve);
    await actions.joinChannel(bob.actor, world.core, { conversationId: id });
    await setActive(ann, false);
    expect(await roleOf(id, eve, eve)).toBe('owner');
    expect(await roleOf(id, bob, bob)).toBe('member');
  });

  test('where another owner is left, or nobody who could be one, nothing changes', async () => {
    const [shared, alone] = [await group(bob, eve), await group(bob)];
    await give(shared.id, bob, 'owner');
    await setActive(bob, false);
    world.published.clear();
    await setActive(ann, false);
    // Bob is an owner who cannot act.
    expect(reported(shared.id)).toEqual([owned(ann, eve)]);
    expect(reported(alone.id)).toEqual([]);
    await setActive(ann, true);
    expect(await roleOf(alone.id, ann)).toBe('owner');
    expect(await roleOf(shared.id, ann)).toBe('owner');
  });

  test('an owner who is deactivated lets no other owner go', async () => {
    const { id } = await group(bob, eve);
    await give(id, bob, 'owner');
    await setActive(bob, false);
    const leave = actions.leaveConversation(ann.actor, world.core, { conversationId: id });
    await expect(leave).rejects.toMatchObject({ code: 'last_owner' });
    await expect(give(id, ann, 'member')).rejects.toMatchObject({ code: 'last_owner' });
  });

  test('of two owners one steps down while the other is deactivated: one who can act is left', async () => {
    for (let n = 0; n < 10; n++) {
      const { id } = await group(bob, eve);
      await give(id, bob, 'owner');
      await Promise.allSettled([give(id, ann, 'member'), setActive(bob, false)]);
      const roles = [await roleOf(id, ann), await roleOf(id, eve)];
      expect(roles).toContain('owner');
      await setActive(bob, true);
    }
  });
});
