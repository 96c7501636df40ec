import type { DraftResult } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { type EntryWritten, writeEntry } from './write-entry.ts';

/**
 * Stores a draft based on the version that the device knows. `stored` is true if this text is now the draft, even if
 * it already was; false if another device was first: then nothing changes and the entry has the other text. `changed`
 * is true if there is something to publish. Not a member: LockstepError `not_found` (rule 10).
 */
export const setDraft = async (
  db: Db,
  userId: string,
  conversationId: string,
  { text, baseVersion }: { text: string; baseVersion: number },
): Promise<DraftResult & { changed: boolean }> => {
  const { entry, row } = await writeEntry<EntryWritten & { stored: boolean }>(db, userId, conversationId, {
    name: 'set-draft',
    text: DRAFT_SQL,
    more: [text, baseVersion],
  });
  return { stored: row.stored, changed: row.changed, entry };
};

/**
 * The cursor is locked before the entry, as the fan-out does. The version is checked again under the lock: of two
 * concurrent writers the second keeps the text of the first and only moves the entry to the `pos` it has taken, so
 * that `pos` has no gap.
 */
const DRAFT_SQL = `
with target as materialized (
  select m.joined_seq, e.user_id is null as is_new, e.draft_text, coalesce(e.draft_version, 0) as version
  from conversation c
  join active_member m on m.conversation_id = c.id and m.user_id = $1
  left join inbox_entry e on e.user_id = $1 and e.conversation_id = c.id
  where c.id = $2
), wanted as materialized (
  select joined_seq from target where version = $4::int and (is_new or coalesce(draft_text, '') <> $3::text)
), cursor as (
  insert into inbox_cursor as i (user_id, pos) select $1::uuid, 1 from wanted
  on conflict (user_id) do update set pos = i.pos + 1
  returning pos
), written as (
  insert into inbox_entry as e (user_id, conversation_id, pos, read_seq, draft_text, draft_version, draft_at)
  select $1::uuid, $2::uuid, c.pos, w.joined_seq, $3::text, $4::int + 1, clock_timestamp() from cursor c, wanted w
  on conflict (user_id, conversation_id) do update set
    pos = excluded.pos,
    draft_text = case when e.draft_version = $4::int then excluded.draft_text else e.draft_text end,
    draft_at = case when e.draft_version = $4::int then excluded.draft_at else e.draft_at end,
    draft_version = case when e.draft_version = $4::int then excluded.draft_version else e.draft_version end
  returning draft_text
)
select exists (select 1 from target) as member, exists (select 1 from written) as changed,
  coalesce((select w.draft_text from written w), (select coalesce(t.draft_text, '') from target t)) = $3::text as stored`;
