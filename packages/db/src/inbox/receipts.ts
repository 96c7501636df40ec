import { LIMITS, LockstepError, type Receipt } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import { kindHas } from '../conversations/kinds.ts';
import type { Db } from '../db.ts';

/**
 * How far each member has read, where the conversation `sharesReceipts`; empty elsewhere. It may not include what a
 * member has just sent: a message itself implies that its sender has read up to there. Not a member: LockstepError
 * `not_found` (rule 10).
 */
export const receipts = async (
  db: Db,
  viewerId: string,
  { conversationId }: Parsed<'sync.receipts'>,
): Promise<Receipt[]> => {
  const { rows } = await db.pool.query<{ user_id: string | null; read_seq: number }>({
    name: 'receipts',
    text: `select m.user_id, coalesce(e.read_seq, m.joined_seq) as read_seq
           from conversation c
           join active_member v on v.conversation_id = c.id and v.user_id = $2
           left join active_member m on m.conversation_id = c.id
             and ${kindHas('c.kind', 'hasReceipts')} and c.member_count < $3
           left join inbox_entry e on e.user_id = m.user_id and e.conversation_id = c.id
           where c.id = $1 order by m.user_id`,
    values: [conversationId, viewerId, LIMITS.receiptMembers],
  });
  if (rows.length === 0) throw new LockstepError('not_found');
  return rows.flatMap((row) => (row.user_id ? [{ userId: row.user_id, readSeq: row.read_seq }] : []));
};
