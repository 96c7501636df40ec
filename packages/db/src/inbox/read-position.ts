import { type InboxEntry, LockstepError } from '@lockstep/protocol';
import { type Db, inTransaction } from '../db.ts';
import { inboxEntry } from './read.ts';

/**
 * Raises a person's read position to `seq`, never lower and never past the head (rule 7), and takes "marked as unread"
 * away. `changed` is false when it was there already. Not a member: LockstepError `not_found`.
 */
export const setReadPosition = async (
  db: Db,
  userId: string,
  conversationId: string,
  seq: number,
): Promise<{ entry: InboxEntry; changed: boolean }> => {
  const changed = await inTransaction(db.pool, async (client) => {
    const found = await client.query<{ head_seq: number; joined_seq: number }>(
      `select c.head_seq, m.joined_seq from conversation c
       join member m on m.conversation_id = c.id and m.user_id = $2 and m.left_rev is null where c.id = $1`,
      [conversationId, userId],
    );
    const member = found.rows[0];
    if (!member) throw new LockstepError('not_found');
    const cursor = await client.query<{ pos: number }>(
      `insert into inbox_cursor as i (user_id, pos) values ($1, 0)
       on conflict (user_id) do update set pos = i.pos returning pos`,
      [userId],
    );
    const next = (cursor.rows[0]?.pos ?? 0) + 1;
    const readSeq = Math.max(member.joined_seq, Math.min(seq, member.head_seq));
    const { rowCount } = await client.query(
      `insert into inbox_entry as e (user_id, conversation_id, pos, read_seq) values ($1, $2, $3, $4)
       on conflict (user_id, conversation_id) do update set pos = $3, read_seq = greatest(e.read_seq, $4), marked_unread = false
       where e.read_seq < $4 or e.marked_unread`,
      [userId, conversationId, next, readSeq],
    );
    if (rowCount === 0) return false;
    await client.query('update inbox_cursor set pos = $2 where user_id = $1', [userId, next]);
    return true;
  });
  const entry = await inboxEntry(db, userId, conversationId);
  if (!entry) throw new LockstepError('not_found');
  return { entry, changed };
};
