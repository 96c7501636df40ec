import type { Db } from './db.ts';

/**
 * Queries of the open sockets: rooms are found through membership, and sockets live as long as their session (rule
 * 10).
 */

/** The conversations of a person, or null when the session has ended. One snapshot for both. */
export const socketRooms = async (db: Db, userId: string, sessionId: string): Promise<string[] | null> => {
  const { rows } = await db.pool.query<{ alive: boolean; ids: string[] }>({
    name: 'socket-rooms',
    text: `select exists (select 1 from session where id = $2::uuid and user_id = $1::uuid and expires_at > now()) as alive,
             array(select conversation_id::text from active_member where user_id = $1::uuid) as ids`,
    values: [userId, sessionId],
  });
  return rows[0]?.alive ? rows[0].ids : null;
};

/** Those of these sessions that have not ended. */
export const liveSessions = async (db: Db, sessionIds: string[]): Promise<Set<string>> => {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from session where id = any($1::uuid[]) and expires_at > now()',
    [sessionIds],
  );
  return new Set(rows.map((row) => row.id));
};

/** The conversations of each of these people. */
export const conversationsOf = async (db: Db, userIds: string[]): Promise<Map<string, Set<string>>> => {
  const { rows } = await db.pool.query<{ user_id: string; ids: string[] }>(
    `select user_id, array_agg(conversation_id::text) as ids from active_member
     where user_id = any($1::uuid[]) group by user_id`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.user_id, new Set(row.ids)]));
};

/** When these people were last seen, in epoch milliseconds; those never seen are left out. */
export const lastSeen = async (db: Db, userIds: string[]): Promise<Map<string, number>> => {
  const { rows } = await db.pool.query<{ id: string; last_seen_at: Date }>(
    'select id, last_seen_at from "user" where id = any($1::uuid[]) and last_seen_at is not null',
    [userIds],
  );
  return new Map(rows.map((row) => [row.id, row.last_seen_at.getTime()]));
};

/** Stores when these people were seen. Only grows. Rows are locked in id order, as several processes do this. */
export const touchLastSeen = async (db: Db, userIds: string[], at: number): Promise<void> => {
  await db.pool.query(
    `with seen as (select id from "user" where id = any($1::uuid[]) order by id for update)
     update "user" u set last_seen_at = greatest(u.last_seen_at, to_timestamp($2::float8 / 1000)) from seen where u.id = seen.id`,
    [userIds, at],
  );
};

/** Worker processes seen in the last `seconds`: their sweeps show in the activity of the database. */
export const WORKER_NAME = 'lockstep-worker';
export const liveWorkers = async (db: Db, seconds: number): Promise<number> => {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(distinct application_name)::int as count from pg_stat_activity
     where datname = current_database() and application_name like $1 and state_change > now() - make_interval(secs => $2)`,
    [`${WORKER_NAME}%`, seconds],
  );
  return rows[0]?.count ?? 0;
};
