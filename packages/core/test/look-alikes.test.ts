import { actions, type Device, publishPeople, queries } from '@lockstep/core';
import { namesAt } from '@lockstep/db';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const from: Device = { ipAddress: '192.0.2.7', userAgent: null };

let world: World;
let admin: TestPerson;
beforeEach(async () => {
  world = await makeWorld();
  admin = await world.person('Admin', { role: 'admin' });
});
afterEach(() => world.close());

/** Names of those that are marked, in the order of their ids. */
const marked = async () => {
  const people = await queries.searchPeople(admin.actor, world.core, { query: '', limit: 50, active: false });
  return people.filter(({ lookAlike }) => lookAlike !== undefined).map(({ name }) => name);
};
const signUp = async (name: string, n = 1) => {
  const input = { name, email: `new${n}@example.org`, password: 'violet harbour 12' };
  return (await actions.signUp(world.core, input, from)).me;
};
const rename = (person: TestPerson, name: string) =>
  actions.renameMe(person.actor, world.core, from, { name });

describe('names that look like those of others are marked', () => {
  test('a sign-up under the name of an admin marks both, and tells since when each is here', async () => {
    const { id, createdAt } = await signUp('АDMIN').then(async ({ id }) => ({
      id,
      createdAt: (
        await world.core.db.pool.query('select created_at from "user" where id = $1', [id])
      ).rows[0].created_at.getTime(),
    }));
    const people = await queries.getPeople(admin.actor, world.core, { userIds: [admin.id, id] });
    const byId = new Map(people.map((person) => [person.id, person]));
    expect(byId.get(id)?.lookAlike).toBe(createdAt);
    expect(byId.get(admin.id)?.lookAlike).toBeLessThanOrEqual(createdAt);
    expect(byId.get(admin.id)).toMatchObject({ admin: true });
    expect(byId.get(id)).not.toHaveProperty('admin');
  });

  test('a rename into the name of another marks both; when either is renamed again, both marks go away', async () => {
    const [ann, ben] = [await world.person('Ann Lee'), await world.person('Ben')];
    await rename(ben, 'Ann  Lee'.replace('  ', ' '));
    expect(await marked()).toEqual(['Ann Lee', 'Ann Lee']);
    await rename(ben, 'Ben');
    expect(await marked()).toEqual([]);
    await rename(ben, 'Аnn Lee');
    expect(await marked()).toHaveLength(2);
    await rename(ann, 'Anna Lee');
    expect(await marked()).toEqual([]);
  });

  test('of three, two stay marked when one is renamed', async () => {
    await world.person('Ann Lee');
    const ben = await world.person('ANN LEE');
    await signUp('Ann Lee');
    expect(await marked()).toHaveLength(3);
    await rename(ben, 'Ben');
    expect(await marked()).toEqual(['Ann Lee', 'Ann Lee']);
  });

  test('a name from an import and that of a member; without a mark once it is claimed under another', async () => {
    await world.person('Ann Lee');
    const ghost = await world.person('Ann Lee', { placeholder: true });
    await publishPeople(world.core, []);
    expect(await marked()).toEqual(['Ann Lee', 'Ann Lee']);
    const { code } = await actions.createInvitation(admin.actor, world.core, from, {
      ...{ days: 1, uses: 1, claims: ghost.id },
    });
    const input = { name: 'Zoe', email: 'zoe@example.org', password: 'violet harbour 12', invitation: code };
    expect((await actions.signUp(world.core, input, from)).me.id).toBe(ghost.id);
    expect(await marked()).toEqual([]);
    // What was imported was said under the name of then.
    expect(
      await namesAt(world.core.db, [
        { userId: ghost.id, at: 0 },
        { userId: ghost.id, at: Date.now() + 1_000 },
      ]),
    ).toEqual(['Ann Lee', 'Zoe']);
  });

  test('who was deactivated neither has a mark nor gives one; who comes back does', async () => {
    await world.person('Ann Lee');
    const { id } = await signUp('Ann Lee');
    const setActive = (active: boolean) =>
      actions.setPersonActive({ actor: admin.actor, from }, world.core, { userId: id, active });
    await setActive(false);
    expect(await marked()).toEqual([]);
    await setActive(true);
    expect(await marked()).toHaveLength(2);
  });

  test('those who are online are told of the marks of others', async () => {
    const ann = await world.person('Ann Lee');
    await publishPeople(world.core, []);
    world.published.clear();
    await signUp('Ann Lee');
    const reported = world.published.of('people').flatMap(({ event }) => event.people);
    expect(reported.find(({ id }) => id === ann.id)?.lookAlike).toEqual(expect.any(Number));
  });

  test('at the same time: both are marked, whoever is first', async () => {
    const people = await Promise.all(['A', 'B', 'C', 'D'].map((name) => world.person(name)));
    await Promise.all(people.map((person) => rename(person, 'Ann Lee')));
    expect(await marked()).toHaveLength(4);
    await Promise.all(people.map((person, n) => rename(person, `Ann ${n}`)));
    expect(await marked()).toEqual([]);
  });
});

describe('a rename', () => {
  test('is in the audit log with both names; the same name again is not one', async () => {
    const ann = await world.person('Ann');
    await rename(ann, 'Anna');
    await rename(ann, 'Anna');
    const { entries } = await queries.listAudit(admin.actor, world.core, { limit: 10 });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      ...{ action: 'rename', actorId: ann.id, address: '192.0.2.7' },
      asked: { userId: ann.id, before: 'Ann', name: 'Anna' },
    });
  });
});
