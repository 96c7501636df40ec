import type { Conversation, Message, MessageVersion } from '@lockstep/protocol';
import { isRecalled, LockstepError } from '@lockstep/protocol';
import { PAGE_BYTES } from '../budget.ts';
import { kindHas } from '../conversations/kinds.ts';
import { CONVERSATION_COLUMNS, type ConversationRow, toConversation } from '../conversations/transaction.ts';
import type { Db } from '../db.ts';
import { messagesBetween } from '../timeline/read.ts';
import { MESSAGE_COLUMNS, type MessageRow } from '../timeline/row.ts';

// Message history: these queries do not check membership. Only actions for admins call them, which write an audit row
// first.

export const conversationsByIds = async (db: Db, ids: string[]): Promise<Conversation[]> => {
  if (ids.length === 0) return [];
  const { rows } = await db.pool.query<ConversationRow>(
    `select ${CONVERSATION_COLUMNS} from conversation c where c.id = any($1::uuid[])`,
    [ids],
  );
  return rows.map(toConversation);
};

/** By conversation: who is in these direct ones. */
export const directMembers = async (db: Db, ids: string[]): Promise<Record<string, string[]>> => {
  const { rows } = await db.pool.query<{ id: string; users: string[] }>(
    `select c.id, array_agg(m.user_id order by m.user_id) as users from conversation c
     join member m on m.conversation_id = c.id where c.id = any($1::uuid[]) and ${kindHas('c.kind', 'hasPeer')} group by c.id`,
    [ids],
  );
  return Object.fromEntries(rows.map((row) => [row.id, row.users]));
};

/** Whether earlier texts of it may be kept. */
export const hasEarlier = (message: Message): boolean => message.editedAt !== null || isRecalled(message);

export interface Earlier {
  count: number;
  /** The recalled text of a message; null if it was not recalled, or if its text exceeds the page. */
  last: string | null;
}

/**
 * By `conversation seq`: how many earlier texts these messages have. Those without are left out. The texts of recalled
 * ones come in their order until they have more than `bytes` together, and one at least.
 */
export const earlierOf = async (
  db: Db,
  messages: Message[],
  bytes = PAGE_BYTES,
): Promise<Map<string, Earlier>> => {
  const changed = messages.filter(hasEarlier);
  if (changed.length === 0) return new Map();
  const { rows } = await db.pool.query<{ id: string; seq: number; count: number; last: string | null }>(
    `with newest as (
       select k.id, k.seq, k.ord, k.recalled, v.version, octet_length(v.body) as bytes,
         (select count(*)::int from message_version a where a.conversation_id = k.id and a.seq = k.seq) as count
       from unnest($1::uuid[], $2::int[], $3::boolean[]) with ordinality k(id, seq, recalled, ord)
       cross join lateral (select version, body from message_version
         where conversation_id = k.id and seq = k.seq order by version desc limit 1) v
     ), summed as (
       select n.*, sum(case when recalled then bytes else 0 end) over (order by ord) - bytes as before from newest n
     )
     select s.id, s.seq, s.count, v.body as last from summed s
     left join message_version v on s.recalled and s.before < $4
       and v.conversation_id = s.id and v.seq = s.seq and v.version = s.version`,
    [
      changed.map(({ conversationId }) => conversationId),
      changed.map(({ seq }) => seq),
      changed.map(isRecalled),
      bytes,
    ],
  );
  return new Map(rows.map(({ id, seq, count, last }) => [`${id} ${seq}`, { count, last }]));
};

/** LockstepError `not_found`. */
export const anyConversation = async (db: Db, id: string): Promise<Conversation> => {
  const [conversation] = await conversationsByIds(db, [id]);
  if (!conversation) throw new LockstepError('not_found');
  return conversation;
};

/**
 * `seq` from..to, both ends included, ascending. If their texts exceed `bytes`, only those nearest to `near`, at
 * least one.
 */
export const anyMessages = async (
  db: Db,
  id: string,
  {
    from,
    to,
    near,
    bytes = PAGE_BYTES,
  }: { from: number; to: number; near: number; bytes?: number | undefined },
): Promise<Message[]> => messagesBetween(db, id, { from, to, near, bytes });

/** By `conversation seq`: every text that an edit or a recall replaced, oldest first. Those without are left out. */
export const allVersions = async (
  db: Db,
  keys: Pick<Message, 'conversationId' | 'seq'>[],
): Promise<Map<string, MessageVersion[]>> => {
  if (keys.length === 0) return new Map();
  const { rows } = await db.pool.query<{
    id: string;
    seq: number;
    version: number;
    body: string;
    created_at: Date;
  }>(
    `select v.conversation_id as id, v.seq, v.version, v.body, v.created_at from unnest($1::uuid[], $2::int[]) k(id, seq)
     join message_version v on v.conversation_id = k.id and v.seq = k.seq order by v.version`,
    [keys.map(({ conversationId }) => conversationId), keys.map(({ seq }) => seq)],
  );
  const versions = new Map<string, MessageVersion[]>();
  for (const { id, seq, version, body, created_at } of rows) {
    const key = `${id} ${seq}`;
    versions.set(key, [...(versions.get(key) ?? []), { version, body, createdAt: created_at.getTime() }]);
  }
  return versions;
};

/** The data from which the membership periods of a conversation are derived. */
export interface MembershipTrace {
  members: { userId: string; joinedAt: number; joinedSeq: number; joinedRev: number; isIn: boolean }[];
  /** System messages in order; their `rev` never changes. */
  events: { seq: number; rev: number; at: number; joined: string[]; left: string | null }[];
}

export const membershipTrace = async (db: Db, id: string): Promise<MembershipTrace> => {
  const members = await db.pool.query<{
    user_id: string;
    joined_at: Date;
    joined_seq: number;
    joined_rev: number;
    left_rev: number | null;
  }>('select user_id, joined_at, joined_seq, joined_rev, left_rev from member where conversation_id = $1', [
    id,
  ]);
  const { rows } = await db.pool.query<MessageRow>(
    `select ${MESSAGE_COLUMNS} from message m
     where m.conversation_id = $1 and m.state = 'system' and m.system->>'type' in ('joined', 'left') order by m.seq`,
    [id],
  );
  return {
    members: members.rows.map((row) => ({
      userId: row.user_id,
      joinedAt: row.joined_at.getTime(),
      joinedSeq: row.joined_seq,
      joinedRev: row.joined_rev,
      isIn: row.left_rev === null,
    })),
    events: rows.map(({ seq, rev, created_at, system }) => ({
      seq,
      rev,
      at: created_at.getTime(),
      joined: system?.type === 'joined' ? system.userIds : [],
      left: system?.type === 'left' ? system.userId : null,
    })),
  };
};
