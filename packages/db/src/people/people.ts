import { LIMITS, LockstepError, type Me, type Person } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';

export interface PersonRow {
  id: string;
  name: string;
  image: string | null;
  placeholder: boolean;
  last_seen_at: Date | null;
}

export const PERSON_COLUMNS = 'u.id, u.name, u.image, u.placeholder, u.last_seen_at';

export const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  image: row.image,
  placeholder: row.placeholder,
  lastSeenAt: row.last_seen_at?.getTime() ?? null,
});

/** Those of these ids that are people, in no order; at most two for each entry of an inbox page. */
export const peopleByIds = (db: Db, userIds: string[]): Promise<Person[]> => peopleIn(db.pool, userIds);

/** The same, inside a transaction. */
export const peopleIn = async (client: Queryable, userIds: string[]): Promise<Person[]> => {
  if (userIds.length === 0) return [];
  const { rows } = await client.query<PersonRow>(
    `select ${PERSON_COLUMNS} from "user" u where u.id = any($1::uuid[]) limit $2`,
    [userIds, 2 * LIMITS.inboxPage],
  );
  return rows.map(toPerson);
};

/** `%`, `_` and `\` of a query stand for themselves. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** People whose name has `query` in it, those that begin with it first. E-mails are not searched: they are private. */
export const searchPeople = async (db: Db, query: string, limit: number): Promise<Person[]> => {
  const text = likeText(query.trim());
  const { rows } = await db.pool.query<PersonRow>(
    `select ${PERSON_COLUMNS} from "user" u where u.name ilike '%' || $1 || '%'
     order by u.name not ilike $1 || '%', u.placeholder, lower(u.name), u.id limit $2`,
    [text, Math.min(limit, LIMITS.page)],
  );
  return rows.map(toPerson);
};

/** The ids that are not people. */
export const unknownPeople = async (client: Queryable, userIds: string[]): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `select i.id from unnest($1::uuid[]) as i(id) where not exists (select 1 from "user" u where u.id = i.id)`,
    [userIds],
  );
  return rows.map((row) => row.id);
};

/** The signed-in person. LockstepError `unauthenticated` when the account is gone. */
export const readMe = async (db: Db, userId: string, sessionId: string): Promise<Me> => {
  const { rows } = await db.pool.query<PersonRow & { email: string; role: Me['role'] }>(
    `select ${PERSON_COLUMNS}, u.email, u.role from "user" u where u.id = $1`,
    [userId],
  );
  const row = rows[0];
  if (!row) throw new LockstepError('unauthenticated');
  return { ...toPerson(row), email: row.email, role: row.role, sessionId };
};

export const renamePerson = async (db: Db, userId: string, name: string): Promise<void> => {
  await db.pool.query('update "user" set name = $2, updated_at = now() where id = $1', [userId, name]);
};
