import { actions, queries } from '@lockstep/core';
import { describe, expect, test } from 'vitest';
import { ann, bob, channel, eve, group, NOBODY, notFound, ownPeople, reported, world } from './people.ts';

ownPeople();

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
    expect(reported(id)).toEqual([{ type: 'joined', userIds: [eve.id], by: eve.id }]);
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
    expect(reported(id)).toHaveLength(1);
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
