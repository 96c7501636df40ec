import { type Invitation, LIMITS } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { InvitationModel } from '../generated/models.ts';
import type { Queryable } from '../transaction.ts';

type Stored = Pick<InvitationModel, 'id' | 'createdAt' | 'expiresAt' | 'usesLeft' | 'claims'>;

const toInvitation = ({ id, createdAt, expiresAt, usesLeft, claims }: Stored): Invitation => ({
  id,
  createdAt: createdAt.getTime(),
  expiresAt: expiresAt.getTime(),
  usesLeft,
  claims,
});

/** Invitations that are valid now. */
const usable = () => ({ expiresAt: { gt: new Date() }, usesLeft: { gt: 0 } });

// Writes stay in SQL: they run in a pg transaction, with the audit row or the account.

export const insertInvitation = async (
  client: Queryable,
  invitation: { codeHash: string; createdBy: string; days: number; uses: number; claims: string | null },
): Promise<Invitation> => {
  const { rows } = await client.query<Stored>(
    `insert into invitation (code_hash, created_by, expires_at, uses_left, claims)
     values ($1, $2, now() + make_interval(days => $3), $4, $5) returning id, created_at as "createdAt", expires_at as "expiresAt", uses_left as "usesLeft", claims`,
    [invitation.codeHash, invitation.createdBy, invitation.days, invitation.uses, invitation.claims],
  );
  return toInvitation(rows[0] as Stored);
};

/** Those that can still be used, newest first, at most LIMITS.page. */
export const listInvitations = async (db: Db): Promise<Invitation[]> => {
  const invitations = await db.prisma.invitation.findMany({
    where: usable(),
    orderBy: { id: 'desc' },
    take: LIMITS.page,
  });
  return invitations.map(toInvitation);
};

/** False when there is none. */
export const deleteInvitation = async (client: Queryable, invitationId: string): Promise<boolean> => {
  const { rowCount } = await client.query('delete from invitation where id = $1', [invitationId]);
  return rowCount === 1;
};

/** Whether a code is valid now; only `useInvitation` decides. */
export const isInvitationValid = async (db: Db, codeHash: string): Promise<boolean> => {
  const found = await db.prisma.invitation.findUnique({
    where: { codeHash, ...usable() },
    select: { id: true },
  });
  return found !== null;
};

/** Uses an invitation once; concurrent calls never take the same use. Null if unknown, used up or expired. */
export const useInvitation = async (
  client: Queryable,
  codeHash: string,
): Promise<{ claims: string | null } | null> => {
  const { rows } = await client.query<{ claims: string | null }>(
    `update invitation set uses_left = uses_left - 1
     where code_hash = $1 and expires_at > now() and uses_left > 0 returning claims`,
    [codeHash],
  );
  return rows[0] ?? null;
};

/** Whether this is an unclaimed placeholder. */
export const isPlaceholder = async (db: Db, userId: string): Promise<boolean> => {
  const found = await db.prisma.user.findUnique({
    where: { id: userId, placeholder: true },
    select: { id: true },
  });
  return found !== null;
};
