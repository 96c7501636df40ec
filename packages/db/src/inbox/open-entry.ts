import { kindHas } from '../conversations/kinds.ts';
import type { Db } from '../db.ts';

/**
 * Gives a member of a conversation that `startsHidden` an inbox entry, for a person who opens it before the first
 * message; the fan-out creates one only with that message. True if there was none.
 */
export const openEntry = async (db: Db, userId: string, conversationId: string): Promise<boolean> => {
  const { rows } = await db.pool.query<{ opened: boolean }>(
    `with wanted as (
       select c.id, c.head_rev, m.joined_seq from conversation c
       join active_member m on m.conversation_id = c.id and m.user_id = $1
       where c.id = $2 and ${kindHas('c.kind', 'startsHidden')}
         and not exists (select 1 from inbox_entry e where e.user_id = $1 and e.conversation_id = $2)
     ), cursor as (
       insert into inbox_cursor as i (user_id, pos) select $1::uuid, 1 from wanted
       on conflict (user_id) do update set pos = i.pos + 1 returning pos
     ), written as (
       insert into inbox_entry as e (user_id, conversation_id, pos, head_rev, read_seq)
       select $1::uuid, w.id, c.pos, w.head_rev, w.joined_seq from wanted w, cursor c
       on conflict (user_id, conversation_id) do update set pos = excluded.pos
       returning 1
     )
     select exists (select 1 from written) as opened`,
    [userId, conversationId],
  );
  return rows[0]?.opened ?? false;
};
