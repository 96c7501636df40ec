import {
  type EarlierTexts,
  LIMITS,
  LockstepError,
  type Me,
  type Person,
  type WorkspaceRole,
} from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';
import { foldedQuery, gradeOf, likeText } from './folded.ts';
import { lockPeople } from './look-alikes.ts';

// In SQL: read with every page of an inbox or of the product, found by folded names, or changed under a lock.

export interface PersonRow {
  id: string;
  name: string;
  image: string | null;
  placeholder: boolean;
  last_seen_at: Date | null;
  workspace_role: WorkspaceRole;
  deactivated_at: Date | null;
  rev: number;
  look_alike: Date | null;
}

export const PERSON_COLUMNS =
  'u.id, u.name, u.image, u.placeholder, u.last_seen_at, u.role as workspace_role, u.deactivated_at, u.rev, ' +
  'case when u.look_alike then u.created_at end as look_alike';

export const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  image: row.image,
  placeholder: row.placeholder,
  lastSeenAt: row.last_seen_at?.getTime() ?? null,
  rev: row.rev,
  ...(row.workspace_role === 'admin' ? { admin: true } : {}),
  ...(row.deactivated_at ? { deactivated: true } : {}),
  ...(row.look_alike ? { lookAlike: row.look_alike.getTime() } : {}),
});

/** Those of these ids that are people, in no order; at most two for each entry of an inbox page. */
export const peopleByIds = (db: Db, userIds: string[]): Promise<Person[]> => peopleIn(db.pool, userIds);

/** The same, inside a transaction. */
export const peopleIn = async (client: Queryable, userIds: string[]): Promise<Person[]> => {
  if (userIds.length === 0) return [];
  const { rows } = await client.query<PersonRow>({
    name: 'people-by-ids',
    text: `select ${PERSON_COLUMNS} from "user" u where u.id = any($1::uuid[]) limit $2`,
    values: [userIds, 2 * LIMITS.inboxPage],
  });
  return rows.map(toPerson);
};

/**
 * People whose name contains `query`, ignoring case, accents and width (`fold`). Order: active before deactivated
 * people (left out with `active`), members before placeholders of an import, then exact names, then names that begin
 * with it. E-mails are not searched: they are private.
 */
export const searchPeople = async (
  db: Db,
  query: string,
  limit: number,
  active = false,
): Promise<Person[]> => {
  const folded = foldedQuery(query);
  const { rows } = await db.pool.query<PersonRow>(
    `select ${PERSON_COLUMNS} from "user" u
     where u.folded like '%' || $1 || '%' and not ($3 and u.deactivated_at is not null)
     order by u.deactivated_at is not null, u.placeholder, ${gradeOf('u.folded', '$4', '$1')}, u.folded, u.id limit $2`,
    [likeText(folded), Math.min(limit, LIMITS.page), active, folded],
  );
  return rows.map(toPerson);
};

/** Ids that are unknown or belong to deactivated people, who cannot be added to conversations. */
export const unknownPeople = async (client: Queryable, userIds: string[]): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `select i.id from unnest($1::uuid[]) as i(id) where not exists (select 1 from "user" u where u.id = i.id and u.deactivated_at is null)`,
    [userIds],
  );
  return rows.map((row) => row.id);
};

/** The signed-in person. LockstepError `unauthenticated` when the account is gone. */
export const readMe = async (db: Db, userId: string, sessionId: string): Promise<Me> => {
  const { rows } = await db.pool.query<PersonRow & { email: string; earlier_texts: EarlierTexts }>(
    `select ${PERSON_COLUMNS}, u.email,
       coalesce((select earlier_texts from workspace where id = 1), 'members') as earlier_texts
     from "user" u where u.id = $1`,
    [userId],
  );
  const row = rows[0];
  if (!row) throw new LockstepError('unauthenticated');
  const { email, workspace_role: role, earlier_texts: earlierTexts } = row;
  return { ...toPerson(row), email, role, sessionId, earlierTexts };
};

/** Returns the earlier name; null if it did not change. LockstepError `unauthenticated` when the account is gone. */
export const renamePerson = async (
  client: Queryable,
  userId: string,
  name: string,
): Promise<string | null> => {
  await lockPeople(client);
  const { rows } = await client.query<{ name: string }>(
    'select name from "user" where id = $1 for no key update',
    [userId],
  );
  const before = rows[0]?.name;
  if (before === undefined) throw new LockstepError('unauthenticated');
  if (before === name) return null;
  await client.query('update "user" set name = $2, updated_at = now() where id = $1', [userId, name]);
  return before;
};

/** The names of these people at these times (epoch milliseconds), in the given order; null for an unknown person. */
export const namesAt = async (
  db: Db,
  asked: readonly { userId: string; at: number }[],
): Promise<(string | null)[]> => {
  const { rows } = await db.pool.query<{ name: string | null }>(
    `select coalesce(e.name, u.name) as name
     from unnest($1::uuid[], $2::float8[]) with ordinality a(user_id, at, n)
     left join "user" u on u.id = a.user_id
     left join lateral (
       select name from earlier_name e where e.user_id = a.user_id and e.until > to_timestamp(a.at / 1000)
       order by e.until limit 1) e on true
     order by a.n`,
    [asked.map(({ userId }) => userId), asked.map(({ at }) => at)],
  );
  return rows.map(({ name }) => name);
};
