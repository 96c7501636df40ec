import { randomUUID } from 'node:crypto';
import {
  type Conversation,
  type ConversationKind,
  type Diffusion,
  LockstepError,
  type Message,
  type Role,
  type SystemEvent,
  type Visibility,
} from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from '../timeline/row.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { kindHas } from './kinds.ts';

export interface ConversationRow {
  id: string;
  kind: ConversationKind;
  visibility: Visibility;
  title: string | null;
  topic: string | null;
  diffusion: Diffusion;
  member_count: number;
  head_seq: number;
  head_rev: number;
  created_at: Date;
}

export const CONVERSATION_COLUMNS =
  'c.id, c.kind, c.visibility, c.title, c.topic, c.diffusion, c.member_count, c.head_seq, c.head_rev, c.created_at';

export const toConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  kind: row.kind,
  visibility: row.visibility,
  title: row.title,
  topic: row.topic,
  memberCount: row.member_count,
  headSeq: row.head_seq,
  headRev: row.head_rev,
  diffusion: row.diffusion,
  createdAt: row.created_at.getTime(),
});

/** SQL: a person, `u`, who can do something. */
const CAN_ACT = 'u.deactivated_at is null and not u.placeholder';

/**
 * One conversation under its row lock, inside a transaction. Every change takes the next `seq` and `rev` here, so
 * that both stay dense (rule 1): a rollback releases them.
 */
export class ConversationTx {
  readonly messages: Message[] = [];

  constructor(
    readonly client: Queryable,
    readonly conversation: Conversation,
  ) {}

  /** Role of an active member, or null. */
  async roleOf(userId: string): Promise<Role | null> {
    const { rows } = await this.client.query<{ role: Role }>(
      'select role from active_member where conversation_id = $1 and user_id = $2',
      [this.conversation.id, userId],
    );
    return rows[0]?.role ?? null;
  }

  /** How many owners there are who can act: neither deactivated nor a name from an import. */
  async countOwners(): Promise<number> {
    const { rows } = await this.client.query<{ n: number }>(
      `select count(*)::int as n from active_member m join "user" u on u.id = m.user_id and ${CAN_ACT}
       where m.conversation_id = $1 and m.role = 'owner'`,
      [this.conversation.id],
    );
    return rows[0]?.n ?? 0;
  }

  /** Who is next to own it: the admin who came first, else the member who did; null where nobody can act. */
  async nextOwner(): Promise<string | null> {
    const { rows } = await this.client.query<{ user_id: string }>(
      `select m.user_id from active_member m join "user" u on u.id = m.user_id and ${CAN_ACT}
       where m.conversation_id = $1 order by m.role = 'admin' desc, m.joined_seq, m.user_id limit 1`,
      [this.conversation.id],
    );
    return rows[0]?.user_id ?? null;
  }

  /** Stores an event as a system message sent by the actor. */
  async appendSystem(senderId: string, event: SystemEvent): Promise<Message> {
    const { id } = this.conversation;
    const seq = ++this.conversation.headSeq;
    const rev = ++this.conversation.headRev;
    const { rows } = await this.client.query<MessageRow>(
      `with m as (
         insert into message (conversation_id, seq, rev, sender_id, client_id, state, system, created_at)
         values ($1, $2, $3, $4, $5, 'system', $6, clock_timestamp()) returning *
       ), head as (update conversation set head_seq = $2, head_rev = $3 where id = $1)
       select ${MESSAGE_COLUMNS} from m`,
      [id, seq, rev, senderId, randomUUID(), JSON.stringify(event)],
    );
    const message = toMessage(rows[0] as MessageRow);
    this.messages.push(message);
    return message;
  }

  /**
   * Makes people active members as of the current head, and returns those who were not. Call it after the system
   * message about them, so that `joined_rev` is its `rev` (docs/adr/0002) and they start with nothing unread.
   */
  async join(userIds: string[], role: Role = 'member'): Promise<string[]> {
    const { id, headSeq, headRev } = this.conversation;
    const { rows } = await this.client.query<{ user_id: string }>(
      `insert into member (conversation_id, user_id, role, joined_at, joined_seq, joined_rev)
       select $1, u, $3::"MemberRole", now(), $4, $5 from unnest($2::uuid[]) u order by u
       on conflict (conversation_id, user_id) do update
         set role = excluded.role, joined_at = excluded.joined_at, joined_seq = excluded.joined_seq,
             joined_rev = excluded.joined_rev, left_rev = null
         where member.left_rev is not null
       returning user_id`,
      [id, [...new Set(userIds)], role, headSeq, headRev],
    );
    await this.#countMembers(rows.length);
    return rows.map((row) => row.user_id);
  }

  /** Ends a membership as of the current head; call it after the system message about it. */
  async leave(userId: string): Promise<boolean> {
    const { id, headRev } = this.conversation;
    const { rowCount } = await this.client.query(
      'update member set left_rev = $3 where conversation_id = $1 and user_id = $2 and left_rev is null',
      [id, userId, headRev],
    );
    await this.#countMembers(-(rowCount ?? 0));
    return rowCount === 1;
  }

  async setRole(userId: string, role: Role): Promise<void> {
    await this.client.query(
      'update active_member set role = $3::"MemberRole" where conversation_id = $1 and user_id = $2',
      [this.conversation.id, userId, role],
    );
  }

  async setTitle(title: string): Promise<void> {
    await this.client.query('update conversation set title = $2 where id = $1', [
      this.conversation.id,
      title,
    ]);
    this.conversation.title = title;
  }

  async setTopic(topic: string | null): Promise<void> {
    await this.client.query('update conversation set topic = $2 where id = $1', [
      this.conversation.id,
      topic,
    ]);
    this.conversation.topic = topic;
  }

  async #countMembers(delta: number): Promise<void> {
    if (delta === 0) return;
    this.conversation.memberCount += delta;
    await this.client.query('update conversation set member_count = member_count + $2 where id = $1', [
      this.conversation.id,
      delta,
    ]);
  }
}

/** Every conversation of which this person is an owner, locked; in one order, so that nobody waits for one another. */
export const lockOwned = async (client: Queryable, userId: string): Promise<ConversationTx[]> => {
  const { rows } = await client.query<ConversationRow>(
    `select ${CONVERSATION_COLUMNS} from conversation c
     where c.id in (select m.conversation_id from active_member m where m.user_id = $1 and m.role = 'owner')
       and ${kindHas('c.kind', 'hasRoles')}
     order by c.id for update`,
    [userId],
  );
  return rows.map((row) => new ConversationTx(client, toConversation(row)));
};

/** Runs `work` with the conversation locked. LockstepError `not_found` when there is none. */
export const withConversation = <T>(
  db: Db,
  conversationId: string,
  work: (tx: ConversationTx) => Promise<T>,
): Promise<T> =>
  inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<ConversationRow>(
      `select ${CONVERSATION_COLUMNS} from conversation c where c.id = $1 for update`,
      [conversationId],
    );
    if (!rows[0]) throw new LockstepError('not_found');
    return work(new ConversationTx(client, toConversation(rows[0])));
  });

export interface NewConversation {
  id: string;
  kind: ConversationKind;
  visibility: Visibility;
  title: string | null;
  topic: string | null;
  createdBy: string;
}

/**
 * Creates a conversation and runs `work` in the same transaction. If the id already exists (a `direct` opened from
 * both sides at once), returns null and does nothing.
 */
export const createConversation = <T>(
  db: Db,
  { id, kind, visibility, title, topic, createdBy }: NewConversation,
  work: (tx: ConversationTx) => Promise<T>,
): Promise<T | null> =>
  inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<ConversationRow>(
      `insert into conversation as c (id, kind, visibility, title, topic, created_by)
       values ($1, $2::"ConversationKind", $3::"Visibility", $4, $5, $6)
       on conflict (id) do nothing returning ${CONVERSATION_COLUMNS}`,
      [id, kind, visibility, title, topic, createdBy],
    );
    return rows[0] ? work(new ConversationTx(client, toConversation(rows[0]))) : null;
  });
