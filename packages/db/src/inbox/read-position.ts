import type { InboxEntry } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { writeEntry } from './write-entry.ts';

/**
 * Raises a person's read position to `seq`, never lower and never past the head (rule 7), and clears "marked as
 * unread". `changed` is false if it was already there. Not a member: LockstepError `not_found`.
 */
export const setReadPosition = async (
  db: Db,
  userId: string,
  conversationId: string,
  seq: number,
): Promise<{ entry: InboxEntry; changed: boolean }> => {
  const { entry, row } = await writeEntry(db, userId, conversationId, {
    name: 'set-read-position',
    text: READ_SQL,
    more: [seq],
  });
  return { entry, changed: row.changed };
};

/**
 * The cursor is locked before the entry, as the fan-out does. Whether there is anything to do is decided by the
 * snapshot: `read_seq` only grows, so "already there" stays true. If another device was first, the entry moves once
 * more, which is harmless and leaves no gap in `pos`.
 */
const READ_SQL = `
with target as materialized (
  select greatest(m.joined_seq, least($3::int, c.head_seq)) as seq
  from conversation c join active_member m on m.conversation_id = c.id and m.user_id = $1
  where c.id = $2
), wanted as materialized (
  select t.seq from target t where not exists (
    select 1 from inbox_entry e
    where e.user_id = $1 and e.conversation_id = $2 and e.read_seq >= t.seq and not e.marked_unread)
), cursor as (
  insert into inbox_cursor as i (user_id, pos) select $1::uuid, 1 from wanted
  on conflict (user_id) do update set pos = i.pos + 1
  returning pos
), written as (
  insert into inbox_entry as e (user_id, conversation_id, pos, read_seq)
  select $1::uuid, $2::uuid, c.pos, w.seq from cursor c, wanted w
  on conflict (user_id, conversation_id) do update set
    pos = excluded.pos, read_seq = greatest(e.read_seq, excluded.read_seq), marked_unread = false
  returning 1
)
select exists (select 1 from target) as member, exists (select 1 from written) as changed`;
