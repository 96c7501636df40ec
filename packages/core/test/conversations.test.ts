import { actions, queries } from '@lockstep/core';
import type { InboxEntry, Role } from '@lockstep/protocol';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('conversations', () => {
  let world: World;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  beforeAll(async () => {
    world = await makeWorld();
    [ann, bob, eve] = await Promise.all([world.person('Ann'), world.person('Bob'), world.person('Eve')]);
  });
  afterAll(() => world.close());
  beforeEach(() => world.published.clear());

  const group = async (...others: TestPerson[]) =>
    (
      await actions.createGroup(ann.actor, world.core, {
        title: 'Trip',
        userIds: others.map(({ id }) => id),
      })
    ).conversation;
  const channel = async (visibility: 'public' | 'private', ...others: TestPerson[]) =>
    (
      await actions.createChannel(ann.actor, world.core, {
        title: 'news',
        topic: 'What is new',
        visibility,
        userIds: others.map(({ id }) => id),
      })
    ).conversation;
  const roleOf = async (conversationId: string, person: TestPerson, viewer = ann) =>
    (await queries.listMembers(viewer.actor, world.core, { conversationId, limit: 100 })).members.find(
      ({ userId }) => userId === person.id,
    )?.role;
  const give = (conversationId: string, person: TestPerson, role: Role) =>
    actions.setRole(ann.actor, world.core, { conversationId, userId: person.id, role });
  const told = (conversationId: string) =>
    world.published.messages(conversationId).map(({ system, senderId }) => ({ ...system, by: senderId }));
  const notFound = { code: 'not_found' };
  const forbidden = { code: 'forbidden' };

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

  describe('join and browse', () => {
    test('a public channel is found, joined once, and told of', async () => {
      const { id } = await channel('public');
      const found = () =>
        queries
          .browseChannels(eve.actor, world.core, { query: 'NEW', offset: 0, limit: 100 })
          .then((list) => list.find((one) => one.id === id));
      expect(await found()).toMatchObject({ joined: false, memberCount: 1, topic: 'What is new' });
      world.published.clear();
      const entry = await actions.joinChannel(eve.actor, world.core, { conversationId: id });
      expect(entry).toMatchObject({ role: 'member', unread: 0, conversation: { memberCount: 2 } });
      expect(told(id)).toEqual([{ type: 'joined', userIds: [eve.id], by: eve.id }]);
      expect(await found()).toMatchObject({ joined: true });
      world.published.clear();
      await actions.joinChannel(eve.actor, world.core, { conversationId: id });
      expect(world.published.all).toEqual([]);
    });

    test('joined twice at once is told once', async () => {
      const { id } = await channel('public');
      world.published.clear();
      await Promise.all(
        [1, 2, 3].map(() => actions.joinChannel(bob.actor, world.core, { conversationId: id })),
      );
      expect(told(id)).toHaveLength(1);
    });

    test('private channels, groups and directs are not there for strangers', async () => {
      const hidden = [
        (await channel('private')).id,
        (await group(bob)).id,
        (await actions.openDirect(ann.actor, world.core, { userId: bob.id })).conversation.id,
        NOBODY,
      ];
      for (const conversationId of hidden) {
        await expect(actions.joinChannel(eve.actor, world.core, { conversationId })).rejects.toMatchObject(
          notFound,
        );
      }
      const list = await queries.browseChannels(eve.actor, world.core, { query: '', offset: 0, limit: 100 });
      expect(list.filter(({ id }) => hidden.includes(id))).toEqual([]);
    });

    test('a query is text, not a pattern', async () => {
      const list = await queries.browseChannels(eve.actor, world.core, { query: '%', offset: 0, limit: 100 });
      expect(list).toEqual([]);
    });

    test('the first into an empty public channel owns it', async () => {
      const { id } = await channel('public');
      await actions.leaveConversation(ann.actor, world.core, { conversationId: id });
      expect((await actions.joinChannel(eve.actor, world.core, { conversationId: id })).role).toBe('owner');
    });
  });

  describe('title and topic', () => {
    test('renamed by a manager, told with the conversation', async () => {
      const { id } = await group(bob);
      world.published.clear();
      const renamed = await actions.renameConversation(ann.actor, world.core, {
        conversationId: id,
        title: 'Journey',
      });
      expect(renamed).toMatchObject({ title: 'Journey', headRev: 3 });
      expect(world.published.all).toEqual([
        {
          to: 'changes',
          event: {
            conversationId: id,
            messages: [expect.objectContaining({ rev: 3, system: { type: 'renamed', title: 'Journey' } })],
            conversation: renamed,
          },
        },
      ]);
      world.published.clear();
      await actions.renameConversation(ann.actor, world.core, { conversationId: id, title: 'Journey' });
      expect(world.published.all).toEqual([]);
    });

    test('a topic is set and taken away', async () => {
      const { id } = await channel('private', bob);
      await give(id, bob, 'admin');
      const set = (topic: string | null) =>
        actions.setTopic(bob.actor, world.core, { conversationId: id, topic });
      expect((await set('Weather')).topic).toBe('Weather');
      expect((await set(null)).topic).toBeNull();
      expect(told(id).at(-1)).toEqual({ type: 'topic', topic: null, by: bob.id });
    });

    test('not by members, not by strangers, not in a direct', async () => {
      const { id } = await group(bob);
      const rename = (person: TestPerson, conversationId: string) =>
        actions.renameConversation(person.actor, world.core, { conversationId, title: 'Mine' });
      const topic = (person: TestPerson, conversationId: string) =>
        actions.setTopic(person.actor, world.core, { conversationId, topic: 'Mine' });
      for (const change of [rename, topic]) {
        await expect(change(bob, id)).rejects.toMatchObject(forbidden);
        await expect(change(eve, id)).rejects.toMatchObject(notFound);
        const direct = await actions.openDirect(ann.actor, world.core, { userId: bob.id });
        await expect(change(ann, direct.conversation.id)).rejects.toMatchObject(forbidden);
      }
    });
  });

  describe('add and remove', () => {
    test('added: told, in the room, entry pushed; those already in are passed over', async () => {
      const { id } = await group(bob);
      world.published.clear();
      const after = await actions.addMembers(ann.actor, world.core, {
        conversationId: id,
        userIds: [bob.id, eve.id, eve.id],
      });
      expect(after.memberCount).toBe(3);
      expect(told(id)).toEqual([{ type: 'joined', userIds: [eve.id], by: ann.id }]);
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
      expect(told(id)).toEqual([{ type: 'left', userId: bob.id, by: ann.id }]);
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

    test('a group has room for so many', async () => {
      const { id } = await group(bob);
      await world.core.db.pool.query('update conversation set member_count = 1000 where id = $1', [id]);
      await expect(
        actions.addMembers(ann.actor, world.core, { conversationId: id, userIds: [eve.id] }),
      ).rejects.toMatchObject({ code: 'limit_reached' });
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

  describe('leave and roles', () => {
    test('leaving is told, and takes the sockets out', async () => {
      const { id } = await group(bob);
      world.published.clear();
      await actions.leaveConversation(bob.actor, world.core, { conversationId: id });
      expect(told(id)).toEqual([{ type: 'left', userId: bob.id, by: bob.id }]);
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
      expect(told(id)).toEqual([{ type: 'role', userId: bob.id, role: 'admin', by: ann.id }]);
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

  test('members in pages, each once', async () => {
    const { id } = await group(bob, eve);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await queries.listMembers(ann.actor, world.core, {
        conversationId: id,
        afterUserId: after,
        limit: 2,
      });
      seen.push(...page.members.map(({ person }) => person.name));
      after = page.next ?? undefined;
    } while (after);
    expect(seen.sort()).toEqual(['Ann', 'Bob', 'Eve']);
  });
});
