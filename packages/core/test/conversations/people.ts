import { actions, queries } from '@lockstep/core';
import type { Role } from '@lockstep/protocol';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';

export const NOBODY = '00000000-0000-4000-8000-000000000000';
export const notFound = { code: 'not_found' };
export const forbidden = { code: 'forbidden' };

/** What `ownPeople` has made for the tests of this file. */
export let world: World;
export let ann: TestPerson;
export let bob: TestPerson;
export let eve: TestPerson;

/** Called once in a file: its tests have a world of their own, and make their conversations in it. */
export const ownPeople = (): void => {
  beforeAll(async () => {
    world = await makeWorld();
    [ann, bob, eve] = await Promise.all([world.person('Ann'), world.person('Bob'), world.person('Eve')]);
  });
  afterAll(() => world.close());
  beforeEach(() => world.published.clear());
};

export const group = async (...others: TestPerson[]) =>
  (
    await actions.createGroup(ann.actor, world.core, {
      title: 'Trip',
      userIds: others.map(({ id }) => id),
    })
  ).conversation;

export const channel = async (visibility: 'public' | 'private', ...others: TestPerson[]) =>
  (
    await actions.createChannel(ann.actor, world.core, {
      title: 'news',
      topic: 'What is new',
      visibility,
      userIds: others.map(({ id }) => id),
    })
  ).conversation;

export const roleOf = async (conversationId: string, person: TestPerson, viewer = ann) =>
  (await queries.listMembers(viewer.actor, world.core, { conversationId, limit: 100 })).members.find(
    ({ userId }) => userId === person.id,
  )?.role;

export const give = (conversationId: string, person: TestPerson, role: Role) =>
  actions.setRole(ann.actor, world.core, { conversationId, userId: person.id, role });

export const reported = (conversationId: string) =>
  world.published.messages(conversationId).map(({ system, senderId }) => ({ ...system, by: senderId }));
