import type { EarlierTexts, WorkspaceStatus } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { Queryable } from '../transaction.ts';

export type SignUpMode = WorkspaceStatus['signUp'];

/** What anyone may see. `defaultSignUp` applies until an admin chooses. In SQL, so that the launcher needs no Prisma. */
export const workspaceStatus = async (
  db: Pick<Db, 'pool'>,
  defaultSignUp: SignUpMode,
): Promise<WorkspaceStatus> => {
  const { rows } = await db.pool.query<{ ready: boolean; signUp: SignUpMode | null }>(
    `select exists (select 1 from "user" where not placeholder) as ready,
       (select sign_up from workspace where id = 1) as "signUp"`,
  );
  return { ready: rows[0]?.ready ?? false, signUp: rows[0]?.signUp ?? defaultSignUp };
};

/** Which history of the data devices see: another one after each restore, null before the first. */
export const readGeneration = async (db: Db): Promise<string | null> => {
  const { rows } = await db.pool.query<{ generation: string | null }>({
    name: 'generation',
    text: 'select generation from workspace where id = 1',
  });
  return rows[0]?.generation ?? null;
};

// Writes stay in SQL: they run in a pg transaction, with the audit row or the account.

export const setSignUpMode = async (client: Queryable, mode: SignUpMode): Promise<void> => {
  await client.query(
    `insert into workspace (id, sign_up) values (1, $1::"SignUpMode") on conflict (id) do update set sign_up = excluded.sign_up`,
    [mode],
  );
};

/** Locks the workspace row until the transaction ends, so that sign-ups take turns. */
export const lockSignUp = async (
  client: Queryable,
  defaultSignUp: SignUpMode,
): Promise<{ mode: SignUpMode; hasAccounts: boolean }> => {
  await client.query(
    'insert into workspace (id, sign_up) values (1, $1::"SignUpMode") on conflict do nothing',
    [defaultSignUp],
  );
  const locked = await client.query<{ sign_up: SignUpMode }>(
    'select sign_up from workspace where id = 1 for update',
  );
  // A separate statement, so that its snapshot is newer than the lock.
  const { rows } = await client.query<{ ready: boolean }>(
    'select exists (select 1 from "user" where not placeholder) as ready',
  );
  return { mode: locked.rows[0]?.sign_up ?? defaultSignUp, hasAccounts: rows[0]?.ready ?? false };
};

/** Whether members can see when admins accessed the history of their conversations. On by default. */
export const readAccessNotices = async (db: Db): Promise<boolean> => {
  const workspace = await db.prisma.workspace.findUnique({ where: { id: 1 }, select: { tellLooks: true } });
  return workspace?.tellLooks ?? true;
};

export const setAccessNotices = async (
  client: Queryable,
  on: boolean,
  defaultSignUp: SignUpMode,
): Promise<void> => {
  await client.query(
    `insert into workspace (id, sign_up, tell_looks) values (1, $2::"SignUpMode", $1)
     on conflict (id) do update set tell_looks = excluded.tell_looks`,
    [on, defaultSignUp],
  );
};

/** Who may read the earlier texts of edited messages. Members by default. */
export const earlierTextsReaders = async (db: Db): Promise<EarlierTexts> => {
  const workspace = await db.prisma.workspace.findUnique({
    where: { id: 1 },
    select: { earlierTexts: true },
  });
  return workspace?.earlierTexts ?? 'members';
};

export const setEarlierTexts = async (
  client: Queryable,
  readers: EarlierTexts,
  defaultSignUp: SignUpMode,
): Promise<void> => {
  await client.query(
    `insert into workspace (id, sign_up, earlier_texts) values (1, $2::"SignUpMode", $1::"EarlierTexts")
     on conflict (id) do update set earlier_texts = excluded.earlier_texts`,
    [readers, defaultSignUp],
  );
};
