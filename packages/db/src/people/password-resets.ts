import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';

// Writes stay in SQL: they run in a pg transaction, with the audit row or the new password.

/** Stores the hash of a reset code, replacing an earlier one. Returns when it expires, in epoch milliseconds. */
export const putPasswordReset = async (
  client: Queryable,
  userId: string,
  codeHash: string,
  hours: number,
): Promise<number> => {
  const { rows } = await client.query<{ expires_at: Date }>(
    `insert into password_reset (user_id, code_hash, expires_at) values ($1, $2, now() + make_interval(hours => $3))
     on conflict (user_id) do update
       set code_hash = excluded.code_hash, created_at = now(), expires_at = excluded.expires_at
     returning expires_at`,
    [userId, codeHash, hours],
  );
  return (rows[0] as { expires_at: Date }).expires_at.getTime();
};

/** Uses a code: of two concurrent calls only one gets the person. Null if unknown, used or expired. */
export const takePasswordReset = async (client: Queryable, codeHash: string): Promise<string | null> => {
  const { rows } = await client.query<{ user_id: string }>(
    'delete from password_reset where code_hash = $1 and expires_at > now() returning user_id',
    [codeHash],
  );
  return rows[0]?.user_id ?? null;
};

/** The person a code is valid for now; only `takePasswordReset` decides. */
export const passwordResetPerson = async (
  db: Db,
  codeHash: string,
): Promise<{ userId: string; name: string; email: string } | null> => {
  const reset = await db.prisma.passwordReset.findUnique({
    where: { codeHash, expiresAt: { gt: new Date() } },
    select: { userId: true },
  });
  if (!reset) return null;
  const { userId } = reset;
  const person = await db.prisma.user.findUnique({
    where: { id: userId, deactivatedAt: null },
    select: { name: true, email: true },
  });
  return person && { userId, ...person };
};

export const dropPasswordResets = async (client: Queryable, userId: string): Promise<void> => {
  await client.query('delete from password_reset where user_id = $1', [userId]);
};
