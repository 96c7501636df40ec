import type { InboxEntry } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Db } from '../db.ts';
import { writeEntry } from './write-entry.ts';

/** Omitted fields stay unchanged. */
export type PersonalChange = Omit<Parsed<'sync.personal'>, 'conversationId'>;

/**
 * Writes personal settings of a conversation: the last writer wins, field by field. `changed` is false if nothing
 * changed: the entry then keeps its `pos`. Not a member: LockstepError `not_found` (rule 10).
 */
export const setPersonal = async (
  db: Db,
  userId: string,
  conversationId: string,
  { markedUnread, mutedUntil, pinned, archived, placeSeq }: PersonalChange,
): Promise<{ entry: InboxEntry; changed: boolean }> => {
  const { entry, row } = await writeEntry(db, userId, conversationId, {
    name: 'set-personal',
    text: PERSONAL_SQL,
    more: [
      ...[markedUnread ?? null, mutedUntil !== undefined, mutedUntil ?? null, pinned ?? null],
      ...[archived ?? null, placeSeq !== undefined, placeSeq ?? null],
    ],
  });
  return { entry, changed: row.changed };
};

/**
 * The cursor is locked before the entry, as the fan-out does. Whether anything changes is decided by the snapshot: a
 * concurrent change back counts as the later writer. Milliseconds are converted here, independent of the time zone:
 * in zones east of Greenwich the largest time is in the year 10000.
 */
const PERSONAL_SQL = `
with target as materialized (
  select m.joined_seq, c.head_seq, clock_timestamp()::timestamptz(3) as now,
    to_timestamp($5::float8 / 1000)::timestamptz(3) as muted_until
  from conversation c join active_member m on m.conversation_id = c.id and m.user_id = $1
  where c.id = $2
), wanted as materialized (
  select t.* from target t where not exists (
    select 1 from inbox_entry e where e.user_id = $1 and e.conversation_id = $2
      and e.marked_unread = coalesce($3::boolean, e.marked_unread)
      and (not $4::boolean or e.muted_until is not distinct from t.muted_until)
      and (e.pinned_at is not null) = coalesce($6::boolean, e.pinned_at is not null)
      and case $7::boolean when true then e.archived_seq is not distinct from t.head_seq
                           when false then e.archived_seq is null else true end
      and (not $8::boolean or e.place_seq is not distinct from $9::int))
), cursor as (
  insert into inbox_cursor as i (user_id, pos) select $1::uuid, 1 from wanted
  on conflict (user_id) do update set pos = i.pos + 1
  returning pos
), written as (
  insert into inbox_entry as e
    (user_id, conversation_id, pos, read_seq, marked_unread, muted_until, pinned_at, archived_seq, place_seq)
  select $1::uuid, $2::uuid, c.pos, w.joined_seq, coalesce($3::boolean, false), w.muted_until,
    case when $6::boolean then w.now end, case when $7::boolean then w.head_seq end, $9::int
  from cursor c, wanted w
  on conflict (user_id, conversation_id) do update set
    pos = excluded.pos,
    marked_unread = coalesce($3::boolean, e.marked_unread),
    muted_until = case when $4::boolean then excluded.muted_until else e.muted_until end,
    pinned_at = case $6::boolean when true then coalesce(e.pinned_at, excluded.pinned_at)
                                 when false then null else e.pinned_at end,
    archived_seq = case when $7::boolean is null then e.archived_seq else excluded.archived_seq end,
    place_seq = case when $8::boolean then excluded.place_seq else e.place_seq end
  returning 1
)
select exists (select 1 from target) as member, exists (select 1 from written) as changed`;
