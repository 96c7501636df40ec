import { LIMITS, LockstepError, type SavedSearch } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { inTransaction, type Queryable } from '../transaction.ts';

interface Row {
  text: string;
  name: string | null;
  used_at: Date | null;
  saved_at: Date | null;
}

/** All of a person, the last used first, then the last saved: at most LIMITS.recentSearches + LIMITS.savedSearches. */
export const savedSearches = async (db: { pool: Queryable }, userId: string): Promise<SavedSearch[]> => {
  const { rows } = await db.pool.query<Row>(
    `select text, name, used_at, saved_at from saved_search where user_id = $1
     order by used_at desc nulls last, saved_at desc nulls last, text`,
    [userId],
  );
  return rows.map((row) => ({
    text: row.text,
    name: row.name,
    usedAt: row.used_at?.getTime() ?? null,
    savedAt: row.saved_at?.getTime() ?? null,
  }));
};

/** Puts a search on top of the recent ones; what is over their limit is dropped from these. */
export const noteSearch = (db: Db, userId: string, text: string): Promise<SavedSearch[]> =>
  alone(db, userId, async (client) => {
    await client.query(
      `insert into saved_search (user_id, text, used_at) values ($1, $2, clock_timestamp())
       on conflict (user_id, text) do update set used_at = excluded.used_at`,
      [userId, text],
    );
    await client.query(
      `update saved_search set used_at = null where user_id = $1 and text in (
         select text from saved_search where user_id = $1 and used_at is not null
         order by used_at desc, text offset $2)`,
      [userId, LIMITS.recentSearches],
    );
  });

/** Takes one search, or with null all of them, off the recent ones. */
export const forgetSearch = (db: Db, userId: string, text: string | null): Promise<SavedSearch[]> =>
  alone(db, userId, (client) =>
    client.query(
      `update saved_search set used_at = null where user_id = $1 and ($2::text is null or text = $2)`,
      [userId, text],
    ),
  );

/** Keeps a search under a name, or gives a kept one another. One over the limit: LockstepError `limit_reached`. */
export const saveSearch = (
  db: Db,
  userId: string,
  text: string,
  name: string | null,
): Promise<SavedSearch[]> =>
  alone(db, userId, async (client) => {
    await client.query(
      `insert into saved_search as s (user_id, text, name, saved_at) values ($1, $2, $3, clock_timestamp())
       on conflict (user_id, text) do update set name = $3, saved_at = coalesce(s.saved_at, excluded.saved_at)`,
      [userId, text, name],
    );
    const { rows } = await client.query<{ count: number }>(
      'select count(*) as count from saved_search where user_id = $1 and saved_at is not null',
      [userId],
    );
    if ((rows[0]?.count ?? 0) > LIMITS.savedSearches) throw new LockstepError('limit_reached');
  });

export const unsaveSearch = (db: Db, userId: string, text: string): Promise<SavedSearch[]> =>
  alone(db, userId, (client) =>
    client.query('update saved_search set saved_at = null, name = null where user_id = $1 and text = $2', [
      userId,
      text,
    ]),
  );

/** One change of a person's searches at a time, so that the limits hold; answers with what is left. */
const alone = (
  db: Db,
  userId: string,
  change: (client: Queryable) => Promise<unknown>,
): Promise<SavedSearch[]> =>
  inTransaction(db.pool, async (client) => {
    await client.query('select 1 from "user" where id = $1 for no key update', [userId]);
    await change(client);
    await client.query(
      'delete from saved_search where user_id = $1 and used_at is null and saved_at is null',
      [userId],
    );
    return savedSearches({ pool: client }, userId);
  });
