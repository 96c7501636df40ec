import { actions } from '@lockstep/core';
import type { TestPerson } from '@lockstep/testing';
import { beforeEach } from 'vitest';
import { ann, bob, ownPeople, world } from './conversations/people.ts';

export { ann, bob, eve, world } from './conversations/people.ts';

/** Of the group that Ann has made for this test, with Bob; Eve is not in it. */
export let conversationId: string;

/** Called once in a file: its tests have a world of their own, and each a new group in it. */
export const ownTrip = (): void => {
  ownPeople();
  beforeEach(async () => {
    const entry = await actions.createGroup(ann.actor, world.core, { title: 'Trip', userIds: [bob.id] });
    conversationId = entry.conversation.id;
    world.published.clear();
    world.enqueued.length = 0;
  });
};

export const send = (who: TestPerson, body: string, clientId: string = crypto.randomUUID()) =>
  actions.sendMessage(who.actor, world.core, { conversationId, clientId, body });
