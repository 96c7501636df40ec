import { LockstepError } from '@lockstep/protocol';
import type pg from 'pg';
import type { Db } from '../db.ts';
import { inTransaction } from '../transaction.ts';
import { useInvitation } from './invitations.ts';
import { lockSignUp, type SignUpMode } from './workspace.ts';

export interface NewAccount {
  name: string;
  /** Lower case. */
  email: string;
  passwordHash: string;
  /** SHA-256 of the invitation's code, in hexadecimal. */
  invitationHash: string | null;
  /** Mode of a workspace that has none stored yet. */
  defaultSignUp: SignUpMode;
}

/**
 * Makes an account, the first of which is the admin, and uses up the invitation, all or nothing. Sign-ups take turns
 * on the workspace's row, so that two first ones at once make one admin. An invitation that claims a placeholder gives
 * the account that person's row: their messages stay theirs. The rows have better-auth's shape.
 * Errors: `invitation_required`, `conflict` (the e-mail is taken).
 */
export const createAccount = (db: Db, account: NewAccount): Promise<string> =>
  inTransaction(db.pool, async (client) => {
    const { mode, hasAccounts } = await lockSignUp(client, account.defaultSignUp);
    const invitation = account.invitationHash ? await useInvitation(client, account.invitationHash) : null;
    if (account.invitationHash && !invitation) throw new LockstepError('invitation_required');
    if (hasAccounts && mode === 'invitation' && !invitation) throw new LockstepError('invitation_required');
    try {
      const userId = invitation?.claims
        ? await claimPlaceholder(client, invitation.claims, account)
        : await insertUser(client, account, hasAccounts ? 'member' : 'admin');
      await client.query(
        `insert into account (user_id, account_id, provider_id, password) values ($1::uuid, $1::uuid::text, 'credential', $2)`,
        [userId, account.passwordHash],
      );
      return userId;
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) throw new LockstepError('conflict');
      throw error;
    }
  });

const UNIQUE_VIOLATION = '23505';

const insertUser = async (client: pg.ClientBase, { name, email }: NewAccount, role: string) => {
  const { rows } = await client.query<{ id: string }>(
    'insert into "user" (name, email, role) values ($1, $2, $3::"WorkspaceRole") returning id',
    [name, email, role],
  );
  return (rows[0] as { id: string }).id;
};

const claimPlaceholder = async (client: pg.ClientBase, userId: string, { name, email }: NewAccount) => {
  const { rowCount } = await client.query(
    `update "user" set name = $2, email = $3, placeholder = false, updated_at = now() where id = $1 and placeholder`,
    [userId, name, email],
  );
  // Claimed by somebody else meanwhile.
  if (rowCount !== 1) throw new LockstepError('invitation_required');
  return userId;
};
