import { type Invitation, LIMITS } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';

interface InvitationRow {
  id: string;
  created_at: Date;
  expires_at: Date;
  uses_left: number;
  claims: string | null;
}

const COLUMNS = 'id, created_at, expires_at, uses_left, claims';

const toInvitation = (row: InvitationRow): Invitation => ({
  id: row.id,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  usesLeft: row.uses_left,
  claims: row.claims,
});

export const insertInvitation = async (
  client: Queryable,
  invitation: { codeHash: string; createdBy: string; days: number; uses: number; claims: string | null },
): Promise<Invitation> => {
  const { rows } = await client.query<InvitationRow>(
    `insert into invitation (code_hash, created_by, expires_at, uses_left, claims)
     values ($1, $2, now() + make_interval(days => $3), $4, $5) returning ${COLUMNS}`,
    [invitation.codeHash, invitation.createdBy, invitation.days, invitation.uses, invitation.claims],
  );
  return toInvitation(rows[0] as InvitationRow);
};

/** Those that can still be used, newest first, at most LIMITS.page. */
export const listInvitations = async (db: Db): Promise<Invitation[]> => {
  const { rows } = await db.pool.query<InvitationRow>(
    `select ${COLUMNS} from invitation where expires_at > now() and uses_left > 0 order by id desc limit $1`,
    [LIMITS.page],
  );
  return rows.map(toInvitation);
};

/** False when there is none. */
export const deleteInvitation = async (client: Queryable, invitationId: string): Promise<boolean> => {
  const { rowCount } = await client.query('delete from invitation where id = $1', [invitationId]);
  return rowCount === 1;
};

/** Whether a code would be taken now; only `useInvitation` decides. */
export const isInvitationValid = async (db: Db, codeHash: string): Promise<boolean> => {
  const { rows } = await db.pool.query(
    'select 1 from invitation where code_hash = $1 and expires_at > now() and uses_left > 0',
    [codeHash],
  );
  return rows.length > 0;
};

/** Takes one use; two at once never take the same one. Null when unknown, used up or expired. */
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

/** Whether this is a person who can be claimed. */
export const isPlaceholder = async (db: Db, userId: string): Promise<boolean> => {
  const { rows } = await db.pool.query('select 1 from "user" where id = $1 and placeholder', [userId]);
  return rows.length > 0;
};
