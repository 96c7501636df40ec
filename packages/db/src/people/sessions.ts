import type { Db } from '../db.ts';

export interface SessionRow {
  sessionId: string;
  userId: string;
  role: 'admin' | 'member';
  /** Epoch milliseconds. */
  expiresAt: number;
  renewedAt: number;
  lastActiveAt: number;
}

/** The live session of a token, or null. On the hot path: one prepared statement over a unique index. */
export const sessionByToken = async (db: Db, token: string): Promise<SessionRow | null> => {
  const { rows } = await db.pool.query<{
    id: string;
    user_id: string;
    role: 'admin' | 'member';
    expires_at: Date;
    updated_at: Date;
    last_active_at: Date;
  }>({
    name: 'session-by-token',
    text: `select s.id, s.user_id, u.role, s.expires_at, s.updated_at, s.last_active_at from session s
           join "user" u on u.id = s.user_id where s.token = $1 and s.expires_at > now()`,
    values: [token],
  });
  const row = rows[0];
  return row
    ? {
        sessionId: row.id,
        userId: row.user_id,
        role: row.role,
        expiresAt: row.expires_at.getTime(),
        renewedAt: row.updated_at.getTime(),
        lastActiveAt: row.last_active_at.getTime(),
      }
    : null;
};

/** Makes a session for a person who has proved to be that one. */
export const insertSession = async (
  db: Db,
  session: {
    userId: string;
    token: string;
    seconds: number;
    ipAddress: string | null;
    userAgent: string | null;
  },
): Promise<string> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into session (user_id, token, expires_at, ip_address, user_agent)
     values ($1, $2, now() + make_interval(secs => $3), $4, $5) returning id`,
    [session.userId, session.token, session.seconds, session.ipAddress, session.userAgent],
  );
  return (rows[0] as { id: string }).id;
};

/** Moves the end of a session to `seconds` from now; false when it has ended meanwhile. */
export const renewSession = async (db: Db, sessionId: string, seconds: number): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    `update session set expires_at = now() + make_interval(secs => $2), updated_at = now()
     where id = $1 and expires_at > now()`,
    [sessionId, seconds],
  );
  return rowCount === 1;
};

export const deleteSession = async (db: Db, sessionId: string): Promise<void> => {
  await db.pool.query('delete from session where id = $1', [sessionId]);
};
