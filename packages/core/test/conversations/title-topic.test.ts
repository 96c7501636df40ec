import { actions } from '@lockstep/core';
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
  world,
} from './people.ts';

ownPeople();

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
    expect(reported(id).at(-1)).toEqual({ type: 'topic', topic: null, by: bob.id });
    // The same again is no news.
    world.published.clear();
    expect(await set(null)).toMatchObject({ id, topic: null });
    expect(world.published.all).toEqual([]);
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
