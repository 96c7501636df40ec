import { actions, queries } from '@lockstep/core';
import { fanOut, inboxAfter } from '@lockstep/db';
import type { InboxEntry } from '@lockstep/protocol';
import type { TestPerson } from '@lockstep/testing';
import { describe, expect, test } from 'vitest';
import { ann, bob, eve, group, NOBODY, notFound, ownPeople, reported, world } from './people.ts';

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
    expect(reported(id)).toEqual([
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
    expect(world.enqueued).toContain(id);
    const inbox = await queries.pullInbox(bob.actor, world.core, { afterPos: 0, limit: 100, timelines: [] });
    expect(inbox.entries.map((one: InboxEntry) => one.conversation.id)).toContain(id);
  });

  test('with an unknown person nothing is created', async () => {
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

  describe('in the list of the other with its first message', () => {
    const inbox = async (person: TestPerson) =>
      (await inboxAfter(world.core.db, person.id, 0, 100)).entries.map(({ conversation }) => conversation.id);
    const say = (person: TestPerson, conversationId: string) =>
      actions.sendMessage(person.actor, world.core, {
        ...{ conversationId, clientId: crypto.randomUUID(), body: 'Hello' },
      });
    const fanOutAll = (id: string, threshold = 500) => fanOut(world.core.db, [id], { threshold });

    test.each([500, 1])('and not before: of %i members are told by their inbox', async (threshold) => {
      const [dan, flo] = [await world.person('Dan'), await world.person('Flo')];
      world.published.clear();
      const { conversation } = await actions.openDirect(dan.actor, world.core, { userId: flo.id });
      const { id } = conversation;
      await fanOutAll(id, threshold);
      expect([await inbox(dan), await inbox(flo)]).toEqual([[id], []]);
      expect(world.published.of('inbox').map(({ userId }) => userId)).toEqual([dan.id]);
      // Her sockets hear nothing of it, and are in the room before something is said.
      expect(world.published.all.map(({ to }) => to)).toEqual(['joined', 'changes', 'inbox', 'joined']);
      expect(world.published.of('joined').map(({ userIds }) => userIds)).toEqual([[dan.id], [flo.id]]);
      await expect(queries.getConversation(flo.actor, world.core, { conversationId: id })).rejects.toThrow(
        notFound.code,
      );
      await say(dan, id);
      await fanOutAll(id, threshold);
      expect(await inbox(flo)).toEqual([id]);
      expect(await queries.getConversation(flo.actor, world.core, { conversationId: id })).toMatchObject({
        ...{ unread: 1, readSeq: 1, peerId: dan.id, last: { body: 'Hello' } },
      });
    });

    test('also at once, without a worker', async () => {
      const [dan, flo] = [await world.person('Dan'), await world.person('Flo')];
      const { conversation } = await actions.openDirect(dan.actor, world.core, { userId: flo.id });
      await say(dan, conversation.id);
      const entry = await queries.getConversation(flo.actor, world.core, { conversationId: conversation.id });
      expect(entry).toMatchObject({ unread: 1, last: { body: 'Hello' } });
    });

    test('or when she opens it herself, and then it moves like every other', async () => {
      const [dan, flo] = [await world.person('Dan'), await world.person('Flo')];
      const { conversation } = await actions.openDirect(dan.actor, world.core, { userId: flo.id });
      const { id } = conversation;
      world.published.clear();
      const mine = await actions.openDirect(flo.actor, world.core, { userId: dan.id });
      expect(mine).toMatchObject({ role: 'member', unread: 0, readSeq: 1, peerId: dan.id });
      expect(world.published.all).toMatchObject([{ to: 'inbox', userId: flo.id }]);
      expect(await inbox(flo)).toEqual([id]);
      await actions.openDirect(flo.actor, world.core, { userId: dan.id });
      expect(world.published.all).toHaveLength(1);
      await say(flo, id);
      await fanOutAll(id);
      const { entries } = await inboxAfter(world.core.db, flo.id, mine.pos, 10);
      expect(entries).toMatchObject([{ conversation: { id }, unread: 0, readSeq: 2 }]);
    });
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
