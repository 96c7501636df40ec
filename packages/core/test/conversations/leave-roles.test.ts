import { actions } from '@lockstep/core';
import type { TestPerson } from '@lockstep/testing';
import { describe, expect, test } from 'vitest';
import {
  ann,
  bob,
  eve,
  forbidden,
  give,
  group,
  notFound,
  ownPeople,
  reported,
  roleOf,
  world,
} from './people.ts';

ownPeople();

describe('leave and roles', () => {
  test('leaving is told, and takes the sockets out', async () => {
    const { id } = await group(bob);
    world.published.clear();
    await actions.leaveConversation(bob.actor, world.core, { conversationId: id });
    expect(reported(id)).toEqual([{ type: 'left', userId: bob.id, by: bob.id }]);
    expect(world.published.of('left')).toEqual([{ to: 'left', conversationId: id, userIds: [bob.id] }]);
    expect(await roleOf(id, bob)).toBeUndefined();
  });

  test('the last owner stays while others do, and may leave alone', async () => {
    const { id } = await group(bob);
    const leave = (who: TestPerson) =>
      actions.leaveConversation(who.actor, world.core, { conversationId: id });
    const lastOwner = { code: 'last_owner' };
    await expect(leave(ann)).rejects.toMatchObject(lastOwner);
    await expect(give(id, ann, 'member')).rejects.toMatchObject(lastOwner);
    await give(id, bob, 'owner');
    await give(id, ann, 'admin');
    await expect(leave(bob)).rejects.toMatchObject(lastOwner);
    await leave(ann);
    await leave(bob);
  });

  test('of two owners who leave at once, one stays', async () => {
    const { id } = await group(bob, eve);
    await give(id, bob, 'owner');
    const results = await Promise.allSettled(
      [ann, bob].map(({ actor }) => actions.leaveConversation(actor, world.core, { conversationId: id })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a role is told to all, and to the person', async () => {
    const { id } = await group(bob);
    world.published.clear();
    await give(id, bob, 'admin');
    expect(reported(id)).toEqual([{ type: 'role', userId: bob.id, role: 'admin', by: ann.id }]);
    expect(world.published.of('inbox')).toMatchObject([{ userId: bob.id, entry: { role: 'admin' } }]);
    world.published.clear();
    await give(id, bob, 'admin');
    expect(world.published.all).toEqual([]);
  });

  test('only owners give roles', async () => {
    const { id } = await group(bob, eve);
    await give(id, bob, 'admin');
    const take = (by: TestPerson) =>
      actions.setRole(by.actor, world.core, { conversationId: id, userId: by.id, role: 'owner' });
    await expect(take(bob)).rejects.toMatchObject(forbidden);
    await expect(take(eve)).rejects.toMatchObject(forbidden);
    await expect(give(id, await world.person('Dan'), 'admin')).rejects.toMatchObject(notFound);
  });
});
