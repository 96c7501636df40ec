import { actions, queries } from '@lockstep/core';
import { LIMITS } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { describe, expect, test } from 'vitest';
import {
  ann,
  bob,
  channel,
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

describe('add and remove', () => {
  test('added: told, in the room, entry pushed; those already in are passed over', async () => {
    const { id } = await group(bob);
    world.published.clear();
    const after = await actions.addMembers(ann.actor, world.core, {
      conversationId: id,
      userIds: [bob.id, eve.id, eve.id],
    });
    expect(after.memberCount).toBe(3);
    expect(reported(id)).toEqual([{ type: 'joined', userIds: [eve.id], by: ann.id }]);
    expect(world.published.of('joined')).toEqual([{ to: 'joined', conversationId: id, userIds: [eve.id] }]);
    world.published.clear();
    await actions.addMembers(ann.actor, world.core, { conversationId: id, userIds: [bob.id, eve.id] });
    expect(world.published.all).toEqual([]);
  });

  test('a removed member is out everywhere: sockets first, inbox, reading, sending, list (rule 10)', async () => {
    const { id } = await group(bob, eve);
    world.published.clear();
    await actions.removeMember(ann.actor, world.core, { conversationId: id, userId: bob.id });
    expect(world.published.all.map(({ to }) => to)).toEqual(['left', 'changes', 'inbox']);
    expect(world.published.of('left')).toEqual([{ to: 'left', conversationId: id, userIds: [bob.id] }]);
    expect(reported(id)).toEqual([{ type: 'left', userId: bob.id, by: ann.id }]);
    const [inbox] = world.published.of('inbox');
    expect(inbox).toMatchObject({
      userId: bob.id,
      entry: { role: null, last: null, conversation: { title: null } },
    });
    const at = { conversationId: id, limit: 10 };
    const seq = 1;
    const { actor } = bob;
    for (const attempt of [
      () => queries.messagesBefore(actor, world.core, at),
      () => queries.messagesAfter(actor, world.core, { ...at, seq }),
      () => queries.messagesAround(actor, world.core, { ...at, seq }),
      () => queries.messageVersions(actor, world.core, { conversationId: id, seq }),
      () => queries.pullChanges(actor, world.core, { ...at, afterRev: 0 }),
      () => queries.getConversation(actor, world.core, { conversationId: id }),
      () => queries.listMembers(actor, world.core, at),
      () => actions.setReadPosition(actor, world.core, { conversationId: id, seq }),
      () =>
        actions.sendMessage(actor, world.core, {
          conversationId: id,
          clientId: crypto.randomUUID(),
          body: 'x',
        }),
      () => actions.leaveConversation(actor, world.core, { conversationId: id }),
      () => actions.addMembers(actor, world.core, { conversationId: id, userIds: [bob.id] }),
    ]) {
      await expect(attempt()).rejects.toMatchObject(notFound);
    }
  });

  test('back again: a member from then on', async () => {
    const { id } = await group(bob);
    await actions.removeMember(ann.actor, world.core, { conversationId: id, userId: bob.id });
    await actions.sendMessage(ann.actor, world.core, {
      conversationId: id,
      clientId: crypto.randomUUID(),
      body: 'without Bob',
    });
    await actions.addMembers(ann.actor, world.core, { conversationId: id, userIds: [bob.id] });
    const entry = await queries.getConversation(bob.actor, world.core, { conversationId: id });
    expect(entry).toMatchObject({ role: 'member', unread: 0 });
  });

  test('who may', async () => {
    const cid = await world.person('Cid');
    const { id } = await group(bob, eve);
    const remove = (by: TestPerson, whom: TestPerson) =>
      actions.removeMember(by.actor, world.core, { conversationId: id, userId: whom.id });
    const add = (by: TestPerson) =>
      actions.addMembers(by.actor, world.core, { conversationId: id, userIds: [cid.id] });
    await expect(remove(bob, eve)).rejects.toMatchObject(forbidden);
    await expect(add(bob)).rejects.toMatchObject(forbidden);
    await expect(add(cid)).rejects.toMatchObject(notFound);
    await give(id, bob, 'admin');
    await expect(remove(bob, ann)).rejects.toMatchObject(forbidden);
    await expect(remove(bob, bob)).rejects.toMatchObject(forbidden);
    await expect(remove(bob, cid)).rejects.toMatchObject(notFound);
    await add(bob);
    await remove(bob, eve);
    expect(await roleOf(id, eve)).toBeUndefined();
  });

  test('members of a public channel may bring others', async () => {
    const { id } = await channel('public', bob);
    await actions.addMembers(bob.actor, world.core, { conversationId: id, userIds: [eve.id] });
    expect(await roleOf(id, eve)).toBe('member');
  });

  test('a group has room for exactly so many, a channel for any number', async () => {
    const cid = await world.person('Cid');
    const add = (conversationId: string, ...people: TestPerson[]) =>
      actions.addMembers(ann.actor, world.core, { conversationId, userIds: people.map(({ id }) => id) });
    const withMembers = async (id: string, count: number) => {
      await world.core.db.pool.query('update conversation set member_count = $2 where id = $1', [id, count]);
      return id;
    };
    const refused = { code: 'limit_reached' };
    const full = await withMembers((await group()).id, LIMITS.groupMembers - 1);
    await expect(add(full, bob, eve)).rejects.toMatchObject(refused);
    expect((await add(full, bob)).memberCount).toBe(LIMITS.groupMembers);
    await expect(add(full, cid)).rejects.toMatchObject(refused);
    // Those who are in it already need no room.
    expect((await add(full, bob)).memberCount).toBe(LIMITS.groupMembers);
    const open = await withMembers((await channel('private')).id, LIMITS.groupMembers);
    expect((await add(open, bob)).memberCount).toBe(LIMITS.groupMembers + 1);
  });

  test('a direct stays as it is', async () => {
    const { conversation } = await actions.openDirect(ann.actor, world.core, { userId: bob.id });
    const at = { conversationId: conversation.id };
    await expect(
      actions.addMembers(ann.actor, world.core, { ...at, userIds: [eve.id] }),
    ).rejects.toMatchObject(forbidden);
    await expect(
      actions.removeMember(ann.actor, world.core, { ...at, userId: bob.id }),
    ).rejects.toMatchObject(forbidden);
    await expect(actions.leaveConversation(ann.actor, world.core, at)).rejects.toMatchObject(forbidden);
    await expect(
      actions.setRole(ann.actor, world.core, { ...at, userId: bob.id, role: 'owner' }),
    ).rejects.toMatchObject(forbidden);
  });
});

test('members in pages, each once, with no empty page after the last', async () => {
  const { id } = await group(bob, eve);
  const pages = async (limit: number) => {
    const names: string[][] = [];
    for (let after: string | undefined; ; ) {
      const page = await queries.listMembers(ann.actor, world.core, {
        conversationId: id,
        afterUserId: after,
        limit,
      });
      names.push(page.members.map(({ person }) => person.name));
      if (page.next === null) return names;
      after = page.next;
    }
  };
  const all = await pages(100);
  expect(all).toHaveLength(1);
  expect([...(all[0] ?? [])].sort()).toEqual(['Ann', 'Bob', 'Eve']);
  expect((await pages(4)).map(({ length }) => length)).toEqual([3]);
  expect((await pages(3)).map(({ length }) => length)).toEqual([3]);
  expect((await pages(2)).map(({ length }) => length)).toEqual([2, 1]);
  expect((await pages(1)).flat()).toEqual(all[0]);
  const last = await queries.listMembers(ann.actor, world.core, {
    conversationId: id,
    afterUserId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    limit: 2,
  });
  expect(last).toEqual({ members: [], next: null });
});
