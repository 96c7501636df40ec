import { actions } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** What `ownTrip` has made for the tests of this file. Eve is not in the group. */
export let world: World;
export let ann: TestPerson;
export let bob: TestPerson;
export let eve: TestPerson;
/** Of the group that Ann has made for this test, with Bob. */
export let conversationId: string;

/** Called once in a file: its tests have a world of their own, and each a new group in it. */
export const ownTrip = (): void => {
  beforeAll(async () => {
    world = await makeWorld();
    [ann, bob, eve] = await Promise.all([world.person('Ann'), world.person('Bob'), world.person('Eve')]);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    const entry = await actions.createGroup(ann.actor, world.core, { title: 'Trip', userIds: [bob.id] });
    conversationId = entry.conversation.id;
    world.published.clear();
    world.moved.length = 0;
  });
};

export const send = (who: TestPerson, body: string, clientId: string = crypto.randomUUID()) =>
  actions.sendMessage(who.actor, world.core, { conversationId, clientId, body });
