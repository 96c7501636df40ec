import { type Conversation, LockstepError, type Message, type Role } from '@lockstep/protocol';
import { withConversation } from '../conversations/transaction.ts';
import type { Db } from '../db.ts';
import { replaceMentions } from './mentions.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './row.ts';

export interface Changed {
  message: Message;
  /** False when it was like that already: nothing to publish. */
  changed: boolean;
}

interface Target {
  conversationId: string;
  seq: number;
  actorId: string;
}

/**
 * Replaces the text; the old one is kept as a version. Errors: `not_found` (no such message for this actor),
 * `forbidden` (someone else's), `conflict` (recalled, a system message, or edited since `baseEditedAt`, in ms).
 */
export const editMessage = (
  db: Db,
  { body, baseEditedAt, ...target }: Target & { body: string; baseEditedAt?: number | null | undefined },
): Promise<Changed> =>
  change(db, target, (message) => {
    if (message.senderId !== target.actorId) throw new LockstepError('forbidden');
    if (message.body === null) throw new LockstepError('conflict', 'not a text that can be edited');
    // First, so that a repeat after an unknown outcome is none.
    if (message.body === body) return null;
    if (baseEditedAt !== undefined && message.editedAt !== baseEditedAt)
      throw new LockstepError('conflict', 'edited meanwhile');
    return { body, column: 'edited_at' };
  });

/**
 * Takes the text away and leaves a tombstone; the text is kept as a version for message history. `mayRecallOthers` is
 * the caller's rule for the messages of others. Errors as for editMessage.
 */
export const recallMessage = (
  db: Db,
  { mayRecallOthers, ...target }: Target & { mayRecallOthers: (role: Role, place: Conversation) => boolean },
): Promise<Changed> =>
  change(db, target, (message, role, place) => {
    const moderates = mayRecallOthers(role, place);
    if (message.system) throw new LockstepError(moderates ? 'conflict' : 'forbidden');
    if (message.senderId !== target.actorId && !moderates) throw new LockstepError('forbidden');
    return message.recalledAt ? null : { body: null, column: 'recalled_at' };
  });

type Decide = (
  message: Message,
  role: Role,
  place: Conversation,
) => { body: string | null; column: 'edited_at' | 'recalled_at' } | null;

/** A new state of one message: it keeps its `seq` and takes the next `rev`. */
const change = (db: Db, { conversationId, seq, actorId }: Target, decide: Decide): Promise<Changed> =>
  withConversation(db, conversationId, async (tx) => {
    const role = await tx.roleOf(actorId);
    if (!role) throw new LockstepError('not_found');
    const { rows } = await tx.client.query<MessageRow>(
      `select ${MESSAGE_COLUMNS} from message m where m.conversation_id = $1 and m.seq = $2`,
      [conversationId, seq],
    );
    if (!rows[0]) throw new LockstepError('not_found');
    const message = toMessage(rows[0]);
    const next = decide(message, role, tx.conversation);
    if (!next) return { message, changed: false };
    const rev = tx.conversation.headRev + 1;
    await tx.client.query(
      `insert into message_version (conversation_id, seq, version, body, created_at, sent_at)
       select m.conversation_id, m.seq,
         1 + (select count(*) from message_version v where v.conversation_id = $1 and v.seq = $2),
         m.body, coalesce(m.edited_at, m.created_at), m.created_at
       from message m where m.conversation_id = $1 and m.seq = $2`,
      [conversationId, seq],
    );
    const updated = await tx.client.query<MessageRow>(
      `with head as (update conversation set head_rev = $3 where id = $1)
       update message m set rev = $3, body = $4, ${next.column} = clock_timestamp()
       where m.conversation_id = $1 and m.seq = $2 returning ${MESSAGE_COLUMNS}`,
      [conversationId, seq, rev, next.body],
    );
    await replaceMentions(tx.client, message, message.body, next.body);
    return { message: toMessage(updated.rows[0] as MessageRow), changed: true };
  });
