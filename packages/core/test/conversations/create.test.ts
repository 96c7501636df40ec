import { actions, queries } from '@lockstep/core';
import type { InboxEntry } from '@lockstep/protocol';
import { describe, expect, test } from 'vitest';
import { ann, bob, eve, group, NOBODY, notFound, ownPeople, told, world } from './people.ts';

ownPeople();

describe('create', () => {
  test('a group: owner, members, system messages, entries for all at once, without a worker', async () => {
    const entry = await actions.createGroup(ann.actor, world.core, {
      title: 'Trip',
      userIds: [bob.id, ann.id, bob.id],
    });
    const { id } = entry.conversation;
    expect(entry).toMatchObject({
      role: 'owner',
      unread: 0,
      conversation: {
        kind: 'group',
        visibility: 'private',
        title: 'Trip',
        memberCount: 2,
        headSeq: 2,
        headRev: 2,
      },
    });
    expect(told(id)).toEqual([
      { type: 'created', title: 'Trip', by: ann.id },
      { type: 'joined', userIds: [bob.id], by: ann.id },
    ]);
    expect(world.published.of('joined')).toEqual([
      { to: 'joined', conversationId: id, userIds: [ann.id, bob.id] },
    ]);
    expect(world.published.of('inbox').map(({ userId, entry: { role } }) => [userId, role])).toEqual([
      [ann.id, 'owner'],
      [bob.id, 'member'],
    ]);
    expect(world.moved).toContain(id);
    const inbox = await queries.pullInbox(bob.actor, world.core, { afterPos: 0, limit: 100 });
    expect(inbox.entries.map((one: InboxEntry) => one.conversation.id)).toContain(id);
  });

  test('with somebody who is nobody: nothing is made', async () => {
    const create = actions.createGroup(ann.actor, world.core, {
      title: 'Ghosts',
      userIds: [bob.id, NOBODY],
    });
    await expect(create).rejects.toMatchObject(notFound);
    const { rows } = await world.core.db.pool.query("select 1 from conversation where title = 'Ghosts'");
    expect(rows).toEqual([]);
    expect(world.published.all).toEqual([]);
  });

  test('the sockets enter before the changes are pushed', async () => {
    await group(bob);
    expect(world.published.all.map(({ to }) => to)).toEqual(['joined', 'changes', 'inbox', 'inbox']);
  });

  test('a direct is one per pair, from both sides at once', async () => {
    const [one, two] = await Promise.all([
      actions.openDirect(ann.actor, world.core, { userId: bob.id }),
      actions.openDirect(bob.actor, world.core, { userId: ann.id }),
    ]);
    expect(one.conversation.id).toBe(two.conversation.id);
    expect([one.peerId, two.peerId]).toEqual([bob.id, ann.id]);
    expect(one).toMatchObject({
      role: 'member',
      conversation: { kind: 'direct', title: null, memberCount: 2 },
    });
    world.published.clear();
    await actions.openDirect(ann.actor, world.core, { userId: bob.id });
    expect(world.published.all).toEqual([]);
  });

  test('notes to oneself', async () => {
    const notes = await actions.openDirect(eve.actor, world.core, { userId: eve.id });
    expect(notes).toMatchObject({ peerId: eve.id, conversation: { kind: 'direct', memberCount: 1 } });
  });

  test('a direct with nobody', async () => {
    await expect(actions.openDirect(ann.actor, world.core, { userId: NOBODY })).rejects.toMatchObject(
      notFound,
    );
  });
});
