import { LockstepError } from '@lockstep/protocol';
import type pg from 'pg';
import type { Db } from '../db.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { useInvitation } from './invitations.ts';
import { lockPeople } from './look-alikes.ts';
import { lockSignUp, type SignUpMode } from './workspace.ts';

export interface NewAccount {
  name: string;
  /** Lower case. */
  email: string;
  passwordHash: string;
  /** SHA-256 of the invitation's code, in hexadecimal. */
  invitationHash: string | null;
  /** Sign-up mode of a workspace that has none stored yet. */
  defaultSignUp: SignUpMode;
}

/**
 * Creates an account (the first is the admin) and uses up the invitation, in one transaction. Sign-ups take turns on
 * the workspace row, so that two concurrent first sign-ups make only one admin. An invitation that claims a
 * placeholder gives the account that person's row: their messages stay theirs. The rows have better-auth's shape.
 * Errors: `invitation_required`, `conflict` (the e-mail is taken).
 */
export const createAccount = (db: Db, account: NewAccount): Promise<string> =>
  inTransaction(db.pool, async (client) => {
    await lockPeople(client);
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

export interface Credentials {
  userId: string;
  /** As better-auth has hashed it. */
  passwordHash: string;
  deactivated: boolean;
}

// All of this is SQL: what writes has a transaction of pg's, and Prisma would read a person and a password one after the
// other.

/** The credentials of the account with this e-mail (lower case); null if there is none. */
export const credentialsOf = async (db: Db, email: string): Promise<Credentials | null> => {
  const { rows } = await db.pool.query<{ id: string; password: string; deactivated: boolean }>(
    `select u.id, a.password, u.deactivated_at is not null as deactivated
     from "user" u join account a on a.user_id = u.id and a.provider_id = 'credential'
     where u.email = $1 and a.password is not null`,
    [email],
  );
  const row = rows[0];
  return row ? { userId: row.id, passwordHash: row.password, deactivated: row.deactivated } : null;
};

/** The stored hash of a person's password, with their e-mail; null when they have none. */
export const passwordOf = async (
  db: Db,
  userId: string,
): Promise<{ email: string; name: string; passwordHash: string } | null> => {
  const { rows } = await db.pool.query<{ email: string; name: string; password: string }>(
    `select u.email, u.name, a.password from "user" u
     join account a on a.user_id = u.id and a.provider_id = 'credential' and a.password is not null
     where u.id = $1`,
    [userId],
  );
  const row = rows[0];
  return row ? { email: row.email, name: row.name, passwordHash: row.password } : null;
};

/**
 * Stores a new password. With `replaces`, only if that is still the current one; otherwise returns false. People
 * without an account get one.
 */
export const setPassword = async (
  client: Queryable,
  userId: string,
  passwordHash: string,
  replaces: string | null,
): Promise<boolean> => {
  const { rowCount } = await client.query(
    `update account set password = $2, updated_at = now()
     where user_id = $1 and provider_id = 'credential' and ($3::text is null or password = $3)`,
    [userId, passwordHash, replaces],
  );
  if (rowCount) return true;
  if (replaces !== null) return false;
  await client.query(
    `insert into account (user_id, account_id, provider_id, password)
     values ($1::uuid, $1::uuid::text, 'credential', $2)`,
    [userId, passwordHash],
  );
  return true;
};

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
  // Claimed by somebody else in the meantime.
  if (rowCount !== 1) throw new LockstepError('invitation_required');
  return userId;
};
