import type { Db } from '../db.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { skeletonsOf } from './skeleton.ts';

/** Names at a time. */
const PART = 1_000;

/**
 * Changes of people take turns. Call this before changing a row of a person, so that the order is always this lock
 * first, then the rows.
 */
export const lockPeople = async (client: Queryable): Promise<void> => {
  await client.query('select 1 from people_head for update');
};

/**
 * Marks people whose name looks like that of another active person, and removes marks that no longer apply. It finds
 * the names that are new or changed since its last run by itself. Returns the ids whose mark has changed.
 */
export const refreshLookAlikes = async (db: Db): Promise<string[]> => {
  const { rowCount } = await db.pool.query('select 1 from "user" where skeletons is null limit 1');
  if (rowCount === 0) return [];
  return inTransaction(db.pool, async (client) => {
    await lockPeople(client);
    for (let size = PART; size === PART; ) {
      const { rows } = await client.query<{ id: string; name: string }>(
        'select id, name from "user" where skeletons is null order by id limit $1 for no key update',
        [PART],
      );
      size = rows.length;
      await storeSkeletons(client, rows);
    }
    return mark(client);
  });
};

const storeSkeletons = async (
  client: Queryable,
  people: readonly { id: string; name: string }[],
): Promise<void> => {
  const rows = people.map(({ id, name }) => ({ id, skeletons: skeletonsOf(name) }));
  await client.query(
    `update "user" u set skeletons = array(select jsonb_array_elements_text(p.skeletons))
     from jsonb_to_recordset($1::jsonb) p(id uuid, skeletons jsonb) where u.id = p.id`,
    [JSON.stringify(rows)],
  );
};

/** One pass over everybody: comparing each person with all others takes a minute for 18,000 names. */
const mark = async (client: Queryable): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `with skeleton as (
       select id, unnest(skeletons) as one from "user" where deactivated_at is null),
     alike as (
       select distinct id from skeleton
       where one in (select one from skeleton group by one having count(distinct id) > 1)),
     wrong as (
       select u.id, a.id is not null as alike from "user" u left join alike a on a.id = u.id
       where u.look_alike <> (a.id is not null) order by u.id for no key update of u)
     update "user" u set look_alike = w.alike from wrong w where u.id = w.id returning u.id`,
  );
  return rows.map(({ id }) => id);
};
