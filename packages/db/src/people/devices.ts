import { LIMITS } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';
import { ACCESS_CHANNEL } from './access.ts';

/** A session as its person sees it. */
export interface DeviceRow {
  id: string;
  name: string | null;
  userAgent: string | null;
  /** Epoch milliseconds. */
  createdAt: number;
  lastActiveAt: number;
  pos: number;
}

/**
 * Live sessions of a person: `ownId` first, then the last active, at most LIMITS.page of them; also how many more
 * there are, and the head of the inbox. In SQL, for one snapshot.
 */
export const devicesOf = async (
  db: Db,
  userId: string,
  ownId: string,
): Promise<{ devices: DeviceRow[]; more: number; headPos: number }> => {
  const { rows } = await db.pool.query<{
    id: string;
    name: string | null;
    user_agent: string | null;
    created_at: Date;
    last_active_at: Date;
    pos: number;
    head_pos: number;
    found: number;
  }>(
    `select id, name, user_agent, created_at, last_active_at, pos, count(*) over ()::int as found,
       coalesce((select i.pos from inbox_cursor i where i.user_id = $1), 0) as head_pos
     from session where user_id = $1 and expires_at > now() order by id = $2 desc, last_active_at desc, id limit $3`,
    [userId, ownId, LIMITS.page],
  );
  return {
    devices: rows.map((row) => ({
      id: row.id,
      name: row.name,
      userAgent: row.user_agent,
      createdAt: row.created_at.getTime(),
      lastActiveAt: row.last_active_at.getTime(),
      pos: row.pos,
    })),
    more: (rows[0]?.found ?? 0) - rows.length,
    headPos: rows[0]?.head_pos ?? 0,
  };
};

/** False when this person has no such device (rule 10). */
export const renameDevice = async (
  db: Db,
  userId: string,
  sessionId: string,
  name: string,
): Promise<boolean> => {
  const { count } = await db.prisma.session.updateMany({
    where: { id: sessionId, userId, expiresAt: { gt: new Date() } },
    data: { name },
  });
  return count === 1;
};

/** Ends a session of this person; true if there was one. `isRevoked` then recognises its token. */
export const revokeSession = async (db: Db, userId: string, sessionId: string): Promise<boolean> =>
  (await revoke(db.pool, userId, 'id = $2', sessionId)).length === 1;

/** Ends all sessions of this person but one, and returns their ids. */
export const revokeOtherSessions = (
  client: Queryable,
  userId: string,
  sessionId: string,
): Promise<string[]> => revoke(client, userId, 'id <> $2', sessionId);

/** Ends all sessions of this person, and returns their ids. */
export const revokeAllSessions = (client: Queryable, userId: string): Promise<string[]> =>
  revoke(client, userId, 'true or id = $2', null);

/**
 * Deletes the sessions but keeps the hashes of their tokens until the cookies would have expired, so that a device
 * that comes back wipes itself. Expired hashes are deleted too. All processes are notified at commit (rule 10).
 */
const revoke = async (
  client: Queryable,
  userId: string,
  which: string,
  sessionId: string | null,
): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `with gone as (
       delete from session where user_id = $1 and (${which}) and expires_at > now()
       returning id, token, expires_at
     ), kept as (
       insert into revoked_session (token_hash, expires_at)
       select encode(sha256(convert_to(token, 'UTF8')), 'hex'), expires_at from gone on conflict do nothing
     ), outdated as (
       delete from revoked_session where expires_at <= now()
     )
     select id, pg_notify('${ACCESS_CHANNEL}', $1::uuid || ' ' || id) from gone`,
    [userId, sessionId],
  );
  return rows.map((row) => row.id);
};

/** Whether the session of a token was revoked; `tokenHash` is its SHA-256 in hex. */
export const isRevoked = async (db: Db, tokenHash: string): Promise<boolean> => {
  const found = await db.prisma.revokedSession.findUnique({
    where: { tokenHash },
    select: { tokenHash: true },
  });
  return found !== null;
};

/**
 * Stores the inbox cursors reported by devices, by session. The same write marks the device as active. Rows are
 * locked in id order, as several processes do this.
 */
export const setDeviceCursors = async (db: Db, cursors: ReadonlyMap<string, number>): Promise<void> => {
  await db.pool.query(
    `with told as (
       select s.id, p.pos from session s join unnest($1::uuid[], $2::int8[]) as p(id, pos) on p.id = s.id
       order by s.id for update of s)
     update session s set pos = t.pos, last_active_at = now() from told t where s.id = t.id`,
    [[...cursors.keys()], [...cursors.values()]],
  );
};

/** Marks these devices as active now. Rows are locked in id order, as several processes do this. */
export const touchSessions = async (db: Db, sessionIds: string[]): Promise<void> => {
  await db.pool.query(
    `with active as (select id from session where id = any($1::uuid[]) order by id for update)
     update session s set last_active_at = now() from active where s.id = active.id`,
    [sessionIds],
  );
};
