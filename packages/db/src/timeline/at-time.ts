import { LIMITS, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Db } from '../db.ts';

/**
 * `seq` of the first message at or after a time in epoch milliseconds; null when all are older. Errors: `not_found`
 * when the viewer is not a member (rule 10).
 */
export const messageAtTime = async (
  db: Db,
  viewerId: string,
  { conversationId, at }: Parsed<'messages.atTime'>,
): Promise<number | null> => {
  const { rows } = await db.pool.query<{ seq: number | null }>({
    name: 'message-at-time',
    text: AT_TIME_SQL,
    values: [conversationId, viewerId, at, LIMITS.page],
  });
  if (!rows[0]) throw new LockstepError('not_found');
  return rows[0].seq;
};

/**
 * `seq` is dense, so a binary search over the primary key finds the message: 17 look-ups among 100,000 messages,
 * without an index over times. Times rise with `seq` except when the server's clock was set back, so the page before
 * the result is searched for an earlier one.
 */
const AT_TIME_SQL = `
with recursive head as (
  select c.head_seq, to_timestamp($3::float8 / 1000)::timestamptz(3) as at
  from conversation c join active_member m on m.conversation_id = c.id and m.user_id = $2
  where c.id = $1
), search as (
  select 1 as low, h.head_seq + 1 as high, h.at from head h
  union all
  select case when m.created_at >= s.at then s.low else (s.low + s.high) / 2 + 1 end,
         case when m.created_at >= s.at then (s.low + s.high) / 2 else s.high end, s.at
  from search s join message m on m.conversation_id = $1 and m.seq = (s.low + s.high) / 2
  where s.low < s.high
)
select coalesce(
    (select min(m.seq) from message m
     where m.conversation_id = $1 and m.seq between s.low - $4::int and s.low - 1 and m.created_at >= s.at),
    case when s.low <= h.head_seq then s.low end) as seq
from search s, head h where s.low >= s.high`;
