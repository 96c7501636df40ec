import {
  type ConversationTx,
  createConversation,
  type Db,
  fanOut,
  kindHas,
  setReadPosition,
  uuidv5,
  withConversation,
} from '@lockstep/db';
import { type ConversationKind, LIMITS, traitsOf } from '@lockstep/protocol';
import { StartError } from '../lib/steps.mjs';

export interface Account {
  id: string;
  name: string;
}

/** The account that owns what is imported: the one with this e-mail, else the first admin. Null in a workspace without accounts. */
export const findAccount = async (db: Db, email: string | null): Promise<Account | null> => {
  const { rows } = await db.pool.query<Account>(
    email
      ? 'select id, name from "user" where email = $1 and not placeholder'
      : `select id, name from "user" where role = 'admin' and not placeholder order by created_at, id limit 1`,
    email ? [email.trim().toLowerCase()] : [],
  );
  if (email && !rows[0])
    throw new StartError(
      `There is no account with the e-mail ${email}. Sign up with it first, or leave out --as.`,
    );
  return rows[0] ?? null;
};

export interface Target {
  /** Where the logs go. */
  id: string;
  /** There is no such channel yet. */
  isNew: boolean;
}

/**
 * The channel to import into: the one an earlier import made, else one with this title that the account can see, else a
 * new one. Writes nothing. Throws StartError where what was said does not fit to what is there: history that was meant
 * for a few must not become public, and nobody enters a private channel by importing.
 */
export const findChannel = async (
  db: Db,
  { title, account, isPrivate }: { title: string; account: Account | null; isPrivate: boolean },
): Promise<Target> => {
  const own = uuidv5(`irc channel\n${title.toLowerCase()}`);
  const { rows } = await db.pool.query<{
    id: string;
    kind: ConversationKind;
    isPublic: boolean;
    isMember: boolean;
  }>(
    `select c.id, c.kind::text, c.visibility = 'public' as "isPublic", m.user_id is not null as "isMember"
     from conversation c
     left join active_member m on m.conversation_id = c.id and m.user_id = $3
     where c.id = $1 or (${kindHas('c.kind', 'hasTitle')} and lower(c.title) = lower($2)
       and (c.visibility = 'public' or m.user_id is not null))
     order by c.id = $1 desc, ${kindHas('c.kind', 'isListed')} desc, (c.visibility = 'public') = $4 desc, c.created_at limit 1`,
    [own, title, account?.id ?? null, !isPrivate],
  );
  const found = rows[0];
  const other = 'or give another name with --channel';
  if (found && !traitsOf(found.kind).isListed)
    throw new StartError(
      `"${title}" is a group, and logs go into channels only: give another name with --channel.`,
    );
  if (found && isPrivate && found.isPublic)
    throw new StartError(`#${title} is a public channel, not a private one: leave out --private, ${other}.`);
  if (found && !found.isPublic && !found.isMember)
    throw new StartError(
      `#${title} is a private channel without ${account?.name ?? 'an account'} in it: let an owner of it add them, or say --as with the e-mail of a member, ${other}.`,
    );
  if (found && !isPrivate && !found.isPublic)
    throw new StartError(`#${title} is a private channel: say --private to import into it, ${other}.`);
  if (!found && isPrivate && !account)
    throw new StartError(
      'A private channel needs an owner: run "npm start", make the first account in the browser, then import again.',
    );
  return { id: found?.id ?? own, isNew: !found };
};

export interface ChannelOptions {
  title: string;
  isPrivate: boolean;
  account: Account | null;
  /** Owns the channel while the workspace has no account: a placeholder. */
  stewardId: string;
  /** Time of the first line: when the channel began. */
  startedAt: Date;
}

/** Makes the channel where it is new, and the account a member. A channel whose owners are all placeholders becomes the account's. */
export const openChannel = async (db: Db, target: Target, options: ChannelOptions): Promise<void> => {
  const { account } = options;
  if (target.isNew) await create(db, target.id, options);
  else if (account) await withConversation(db, target.id, (tx) => enter(tx, account.id));
};

const create = (db: Db, id: string, { title, account, isPrivate, stewardId, startedAt }: ChannelOptions) => {
  const createdBy = account?.id ?? stewardId;
  const visibility = isPrivate ? 'private' : 'public';
  return createConversation(
    db,
    { id, kind: 'channel', visibility, title, topic: null, createdBy },
    async (tx) => {
      await tx.appendSystem(createdBy, { type: 'created', title });
      await tx.join([createdBy], 'owner');
      await tx.client.query('update conversation set created_at = $2 where id = $1', [id, startedAt]);
      await tx.client.query('update message set created_at = $2 where conversation_id = $1', [id, startedAt]);
    },
  );
};

const enter = async (tx: ConversationTx, accountId: string): Promise<void> => {
  const owned = await tx.client.query(
    `select 1 from active_member m join "user" u on u.id = m.user_id
     where m.conversation_id = $1 and m.role = 'owner' and not u.placeholder limit 1`,
    [tx.conversation.id],
  );
  const role = owned.rowCount ? 'member' : 'owner';
  if (await tx.roleOf(accountId)) {
    if (role === 'owner') await tx.setRole(accountId, role);
    return;
  }
  await tx.appendSystem(accountId, { type: 'joined', userIds: [accountId] });
  await tx.join([accountId], role);
};

/** Shows the last topic of the log, where the channel has none; a topic longer than the limit ends in "…". */
export const setTopicOnce = (db: Db, conversationId: string, topic: string): Promise<void> =>
  withConversation(db, conversationId, async (tx) => {
    if (tx.conversation.topic !== null) return;
    const points = [...topic];
    const max = LIMITS.conversationTopic;
    await tx.setTopic(points.length <= max ? topic : `${points.slice(0, max - 1).join('')}…`);
  });

/** Past every head: a read position stops at the head (rule 7). */
const LAST_SEQ = 2_147_483_647;

/** Updates the inboxes, and marks the history as read by the account, because it is old. */
export const settle = async (
  db: Db,
  conversationId: string,
  account: Account | null,
  threshold: number,
): Promise<void> => {
  await fanOut(db, [conversationId], { threshold });
  if (account) await setReadPosition(db, account.id, conversationId, LAST_SEQ);
};
