import {
  type AnnotationsChange,
  type Conversation,
  LockstepError,
  type Message,
  type Role,
  withAnnotations,
} from '@lockstep/protocol';
import { withConversation } from '../conversations/transaction.ts';
import type { Db } from '../db.ts';
import { replaceMentions } from './mentions.ts';
import { jsonOrNull, MESSAGE_COLUMNS, type MessageRow, toMessage } from './row.ts';

export interface Changed {
  message: Message;
  /** False if nothing changed: nothing to publish. */
  changed: boolean;
}

/**
 * Decides the new state of a message; null if nothing changes. Thrown errors go to the caller. The permission rule is
 * the caller's (core: rules/change-message.ts); it is called under the lock of the conversation, with the current
 * message and role, so that nothing changes between the decision and the write.
 */
export type MessageDecision = (
  message: Message,
  role: Role,
  conversation: Conversation,
) => { edit: string } | { annotate: AnnotationsChange } | 'recall' | null;

/**
 * A new state of one message: it keeps its `seq` and takes the next `rev`. Of an edit or a recall the text that was there
 * is kept as a version; a recall leaves a tombstone. `annotate` puts these names beside those that are there, and with null takes one away: nothing of the text is touched, and `text_rev` says so. Errors: `not_found` (no such message for this actor), and those of `decide`.
 */
export const changeMessage = (
  db: Db,
  { conversationId, seq, actorId }: { conversationId: string; seq: number; actorId: string },
  decide: MessageDecision,
): Promise<Changed> =>
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
    if (next !== 'recall' && 'annotate' in next) {
      const annotations = jsonOrNull(withAnnotations(message.annotations, next.annotate));
      const annotated = await tx.client.query<MessageRow>(
        `with head as (update conversation set head_rev = $3 where id = $1)
         update message m set text_rev = coalesce(m.text_rev, m.rev), rev = $3, annotations = $4
         where m.conversation_id = $1 and m.seq = $2 returning ${MESSAGE_COLUMNS}`,
        [conversationId, seq, rev, annotations],
      );
      return { message: toMessage(annotated.rows[0] as MessageRow), changed: true };
    }
    const [body, change] =
      next === 'recall'
        ? [null, `state = 'recalled', content = null, annotations = null, recalled_at`]
        : [next.edit, 'edited_at'];
    await tx.client.query(
      `insert into message_version (conversation_id, seq, version, body, content, created_at, sent_at)
       select m.conversation_id, m.seq,
         1 + (select count(*) from message_version v where v.conversation_id = $1 and v.seq = $2),
         m.body, m.content, coalesce(m.edited_at, m.created_at), m.created_at
       from message m where m.conversation_id = $1 and m.seq = $2`,
      [conversationId, seq],
    );
    const updated = await tx.client.query<MessageRow>(
      `with head as (update conversation set head_rev = $3 where id = $1)
       update message m set rev = $3, text_rev = null, body = $4, ${change} = clock_timestamp()
       where m.conversation_id = $1 and m.seq = $2 returning ${MESSAGE_COLUMNS}`,
      [conversationId, seq, rev, body],
    );
    await replaceMentions(tx.client, message, message.body, body);
    return { message: toMessage(updated.rows[0] as MessageRow), changed: true };
  });
