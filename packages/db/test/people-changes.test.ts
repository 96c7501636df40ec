import { inTransaction, peopleChanges, renamePerson } from '@lockstep/db';
import { LIMITS } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { db, ownWorld, uuid, world } from './world.ts';

ownWorld();

const person = async (name: string): Promise<string> => {
  const id = uuid();
  await db.pool.query(
    `insert into "user" (id, name, email) values ($1::uuid, $2, $1::uuid || '@example.org')`,
    [id, name],
  );
  return id;
};
const head = async () => (await peopleChanges(db, null)).to;

describe('the changes of people', () => {
  it('begin with the head, and have each person once in the newest state', async () => {
    const [ann, ben] = [await person('Ann'), await person('Ben')];
    const after = await head();
    await renamePerson(db.pool, ann, 'Anna');
    await renamePerson(db.pool, ben, 'Benno');
    await renamePerson(db.pool, ann, 'Annette');
    const { people, ...rest } = await peopleChanges(db, after);
    expect(people.map(({ name, rev }) => [name, rev])).toEqual([
      ['Benno', after + 2],
      ['Annette', after + 3],
    ]);
    expect(rest).toEqual({ after, to: after + 3, more: false, reset: false });
    expect(await peopleChanges(db, after + 3)).toMatchObject({ people: [], to: after + 3 });
  });

  it('are of what others see, whatever statement makes them', async () => {
    const id = await person('Ann');
    const after = await head();
    const change = (set: string) => db.pool.query(`update "user" set ${set} where id = $1`, [id]);
    await change('last_seen_at = now()');
    await change(`email = id || '@example.net', updated_at = now()`);
    await change('name = name');
    expect(await head()).toBe(after);
    await change(`role = 'admin'`);
    await change('placeholder = true');
    await change(`image = 'a.png'`);
    expect(await head()).toBe(after + 3);
  });

  it('come in pages', async () => {
    const after = await head();
    for (const name of ['A', 'B', 'C']) await renamePerson(db.pool, await person('X'), name);
    const first = await peopleChanges(db, after, 2);
    expect([first.people.map(({ name }) => name), first.to, first.more]).toEqual([
      ['A', 'B'],
      after + 2,
      true,
    ]);
    const second = await peopleChanges(db, first.to, 2);
    expect([second.people.map(({ name }) => name), second.to, second.more]).toEqual([
      ['C'],
      after + 3,
      false,
    ]);
  });

  it('are in the order of their commits: who reads never passes over one that commits later (rule 4)', async () => {
    const [ann, ben] = [await person('Ann'), await person('Ben')];
    const after = await head();
    let second: Promise<unknown> | undefined;
    await inTransaction(world.another().pool, async (client) => {
      await client.query(`update "user" set name = 'Anna' where id = $1`, [ann]);
      second = renamePerson(db.pool, ben, 'Benno');
      // Nothing has committed: there is nothing to read, and nothing that a cursor could pass.
      expect(await peopleChanges(db, after)).toMatchObject({ people: [], to: after });
    });
    await second;
    const { people } = await peopleChanges(db, after);
    expect(people.map(({ name, rev }) => [name, rev - after])).toEqual([
      ['Anna', 1],
      ['Benno', 2],
    ]);
  });

  it('are not served from too far behind, nor from ahead (rule 8)', async () => {
    const before = await head();
    const id = await person('Ann');
    expect(await peopleChanges(db, before + 1)).toEqual({
      after: before + 1,
      people: [],
      to: before,
      more: false,
      reset: true,
    });
    // A thousand changes of one person are one.
    await db.pool.query('update people_head set rev = rev + $1', [LIMITS.peopleChanges * 2]);
    await renamePerson(db.pool, id, 'Anna');
    expect(await peopleChanges(db, before)).toMatchObject({ people: [{ name: 'Anna' }], reset: false });
    await db.pool.query(
      `insert into "user" (name, email, rev) select 'N' || n, n || '@many.example', $1 + n from generate_series(1, $2::int) n`,
      [before, LIMITS.peopleChanges],
    );
    expect(await peopleChanges(db, before)).toMatchObject({ people: [], reset: true, to: await head() });
  });
});
