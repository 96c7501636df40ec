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
           join "user" u on u.id = s.user_id
           where s.token = $1 and s.expires_at > now() and u.deactivated_at is null`,
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

/**
 * Creates a session for an authenticated person. The person and, if it was used, the password are locked and checked
 * again: a session that begins while access is withdrawn is either not created or ended with the others. Null if the
 * person is deactivated or the password has changed.
 */
export const insertSession = async (
  db: Db,
  session: {
    userId: string;
    token: string;
    seconds: number;
    ipAddress: string | null;
    userAgent: string | null;
    /** The stored hash at the time of the password check; null if no password was used. */
    passwordHash: string | null;
  },
): Promise<string | null> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `with person as (
       select u.id from "user" u where u.id = $1 and u.deactivated_at is null for share of u
     ), proof as (
       select a.user_id from account a
       where a.user_id = $1 and a.provider_id = 'credential' and a.password = $6 for share of a
     )
     insert into session (user_id, token, expires_at, ip_address, user_agent)
     select id, $2, now() + make_interval(secs => $3), $4, $5 from person
     where $6::text is null or exists (select 1 from proof) returning id`,
    [
      session.userId,
      session.token,
      session.seconds,
      session.ipAddress,
      session.userAgent,
      session.passwordHash,
    ],
  );
  return rows[0]?.id ?? null;
};

/** Addresses of the live sessions of the account with this e-mail (lower case), at most 100. */
export const addressesOf = async (db: Db, email: string): Promise<string[]> => {
  const groups = await db.prisma.session.groupBy({
    by: 'ipAddress',
    where: { user: { email }, expiresAt: { gt: new Date() }, ipAddress: { not: null } },
    orderBy: { ipAddress: 'asc' },
    take: 100,
  });
  return groups.flatMap(({ ipAddress }) => ipAddress ?? []);
};

/** Extends a session to `seconds` from now; false if it has ended in the meantime. */
export const renewSession = async (db: Db, sessionId: string, seconds: number): Promise<boolean> => {
  const now = new Date();
  const { count } = await db.prisma.session.updateMany({
    where: { id: sessionId, expiresAt: { gt: now } },
    data: { expiresAt: new Date(now.getTime() + seconds * 1_000), updatedAt: now },
  });
  return count === 1;
};

export const deleteSession = async (db: Db, sessionId: string): Promise<void> => {
  await db.prisma.session.deleteMany({ where: { id: sessionId } });
};
