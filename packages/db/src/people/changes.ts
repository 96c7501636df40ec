import { LIMITS, type PeopleChanges } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { PERSON_COLUMNS, type PersonRow, toPerson } from './people.ts';

type Row = { head: number } & (PersonRow | { id: null });

/**
 * What has changed of people after `afterRev`, ascending by `rev`: a trigger gives each change the next one. At most
 * `limit` of LIMITS.page. Null means the head. If more than LIMITS.peopleChanges behind, or ahead of the head: reset
 * (rule 8).
 */
export const peopleChanges = async (
  db: Db,
  afterRev: number | null,
  limit: number = LIMITS.page,
): Promise<PeopleChanges> => {
  const size = Math.max(1, Math.min(limit, LIMITS.page));
  const { rows } = await db.pool.query<Row & { behind: number | null }>({
    name: 'people-changes',
    text: `select h.rev as head, ${PERSON_COLUMNS},
             case when h.rev - $1 > $3 then (select count(*)::int from (
               select 1 from "user" b where b.rev > $1 limit $3 + 1) x) end as behind
           from people_head h left join lateral (
             select * from "user" p where p.rev > $1 order by p.rev limit $2
           ) u on true order by u.rev`,
    values: [afterRev, size + 1, LIMITS.peopleChanges],
  });
  const head = rows[0]?.head ?? 0;
  const here = { after: afterRev, people: [], to: head, more: false, reset: false };
  if (afterRev === null) return here;
  if (afterRev > head || (rows[0]?.behind ?? 0) > LIMITS.peopleChanges) return { ...here, reset: true };
  const changed = rows.filter(
    (row): row is { head: number; behind: number | null } & PersonRow => row.id !== null,
  );
  const more = changed.length > size;
  const people = changed.slice(0, size).map(toPerson);
  return { ...here, people, to: more ? (people.at(-1)?.rev ?? head) : head, more };
};

/** The least `rev` of these people, above 0; 0 where none of them has changed. */
export const firstRevOf = async (db: Db, userIds: string[]): Promise<number> => {
  const { rows } = await db.pool.query<{ rev: number | null }>(
    'select min(rev) as rev from "user" where id = any($1::uuid[]) and rev > 0',
    [userIds],
  );
  return rows[0]?.rev ?? 0;
};
