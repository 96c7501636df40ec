import { likeText, type Queryable } from '@lockstep/db';
import type { SearchPerson, SearchPlace } from '@lockstep/protocol';
import type { Scope } from './scope.ts';

/** A name that so many have is not narrowed further. */
const MAX_FOUND = 200;

/** Those of exactly this name; else those whose name begins with it, else those with a word that does. */
export const findPeople = async (
  client: Queryable,
  who: Exclude<SearchPerson, { me: true }>,
): Promise<string[]> => {
  const { rows } =
    'id' in who
      ? await client.query<{ id: string }>('select id from "user" where id = $1', [who.id])
      : await client.query<{ id: string }>(
          `with near as materialized (
             select id, case when lower(name) = lower($1) then 1 when name ilike $2 || '%' then 2 else 3 end as grade
             from "user" where name ilike $2 || '%' or name ilike '% ' || $2 || '%' limit ${MAX_FOUND}
           ), exact as (
             select id, 1 as grade from "user" where lower(name) = lower($1) limit ${MAX_FOUND}
           ), found as (select * from near union select * from exact)
           select id from found where grade = (select min(grade) from found)`,
          [who.name, likeText(who.name)],
        );
  return rows.map((row) => row.id);
};

/** Among those that the viewer may see: what is not there and what is not theirs read the same (rule 10). */
export const findConversations = async (
  client: Queryable,
  { conversations }: Scope,
  where: Exclude<SearchPlace, { person: SearchPerson }>,
): Promise<string[]> => {
  if ('id' in where) {
    if (conversations) return conversations.has(where.id) ? [where.id] : [];
    const { rows } = await client.query<{ id: string }>('select id from conversation where id = $1', [
      where.id,
    ]);
    return rows.map((row) => row.id);
  }
  const { rows } = await client.query<{ id: string }>(
    `with found as (
       select id, case when lower(title) = lower($1) then 1 when title ilike $2 || '%' then 2 else 3 end as grade
       from conversation
       where ($3::uuid[] is null or id = any($3)) and (lower(title) = lower($1) or title ilike '%' || $2 || '%')
     )
     select id from found where grade = (select min(grade) from found) limit ${MAX_FOUND}`,
    [where.title, likeText(where.title), conversations ? [...conversations.keys()] : null],
  );
  return rows.map((row) => row.id);
};

/** How far a person has read each conversation they are in. Where there is no entry yet, as when joining: up to there. */
export const readPositions = async (client: Queryable, userId: string): Promise<Map<string, number>> => {
  const { rows } = await client.query<{ conversation_id: string; seq: number }>(
    `select m.conversation_id, greatest(m.joined_seq, coalesce(e.read_seq, 0)) as seq from member m
     left join inbox_entry e on e.user_id = m.user_id and e.conversation_id = m.conversation_id
     where m.user_id = $1 and m.left_rev is null`,
    [userId],
  );
  return new Map(rows.map((row) => [row.conversation_id, row.seq]));
};
