import { type InboxEntry, type InboxPage, LIMITS, type Role, UNREAD_CAP } from '@lockstep/protocol';
import { PAGE_BYTES } from '../budget.ts';
import { kindHas } from '../conversations/kinds.ts';
import { CONVERSATION_COLUMNS, type ConversationRow, toConversation } from '../conversations/transaction.ts';
import type { Db } from '../db.ts';
import { prefixed } from '../timeline/row.ts';
import type { Queryable } from '../transaction.ts';

interface EntryRow extends ConversationRow {
  pos: number;
  read_seq: number;
  marked_unread: boolean;
  draft_text: string | null;
  draft_version: number;
  draft_at: Date | null;
  muted_until: Date | null;
  pinned_at: Date | null;
  archived_seq: number | null;
  place_seq: number | null;
  role: Role | null;
  peer_id: string | null;
  unread: number;
  mentions: number;
}

const LAST = prefixed('l', 'last_');

/**
 * The entry with the conversation's live head; fields for members only are filled only while the viewer is a member
 * (rule 10).
 */
const ENTRY_COLUMNS = `e.pos, e.read_seq, e.marked_unread, e.draft_text, e.draft_version, e.draft_at, e.muted_until, e.pinned_at,
  e.archived_seq, e.place_seq, m.role, ${CONVERSATION_COLUMNS}, p.peer_id, u.unread, x.mentions,
  ${LAST.columns}`;
/** For entries outside the page a long draft is left out: the device got it when the entry moved. */
const BESIDE_COLUMNS = ENTRY_COLUMNS.replace(
  'e.draft_text',
  'case when octet_length(e.draft_text) <= 4000 then e.draft_text end as draft_text',
).replace(
  'e.draft_at',
  'case when coalesce(octet_length(e.draft_text), 0) <= 4000 then e.draft_at end as draft_at',
);
const ENTRY_FROM = `
from inbox_entry e
join conversation c on c.id = e.conversation_id
left join active_member m on m.conversation_id = e.conversation_id and m.user_id = e.user_id
left join message l on l.conversation_id = c.id and l.seq = c.head_seq and m.user_id is not null
left join lateral (
  select coalesce(
    (select o.user_id from member o where o.conversation_id = c.id and o.user_id <> e.user_id limit 1), e.user_id) as peer_id
) p on ${kindHas('c.kind', 'hasPeer')}
cross join lateral (
  select count(*)::int as unread from (
    select 1 from message t
    where t.conversation_id = c.id and t.seq > e.read_seq and t.sender_id <> e.user_id
      and t.state = 'live'
    limit ${UNREAD_CAP}) x
) u
cross join lateral (
  select count(*)::int as mentions from (
    select 1 from mention n
    join message t on t.conversation_id = n.conversation_id and t.seq = n.seq
    where n.conversation_id = c.id and n.user_id = e.user_id and n.seq > e.read_seq
      and t.sender_id <> e.user_id and t.state = 'live'
    limit ${UNREAD_CAP}) y
) x`;
const SELECT_ENTRY = `select ${ENTRY_COLUMNS} ${ENTRY_FROM}`;

/**
 * The entries after $2, at most $3, and additionally the earlier entries whose conversation has a newer head: read
 * diffusion writes no entry, and a device that comes back between a commit and its fan-out, or while no worker runs,
 * must not miss what was pushed while it was away (rule 9). One snapshot for both.
 */
const INBOX_SQL = `
with start as materialized (
  select case when $2::int8 > coalesce(max(i.pos), 0) then 0 else $2::int8 end as pos
  from inbox_cursor i where i.user_id = $1
)
(select * from (
   select ${ENTRY_COLUMNS}, false as beside, count(*) over () as of,
     sum(b.bytes) over (order by e.pos) - b.bytes as before
   ${ENTRY_FROM.replace(
     'from inbox_entry e\n',
     `from (
     select * from inbox_entry e where e.user_id = $1 and e.pos > (select pos from start) order by e.pos limit $3
   ) e\n`,
   )}
   cross join lateral (
     select coalesce(octet_length(e.draft_text), 0) + coalesce(octet_length(l.body), 0) as bytes
   ) b
 ) page where before < $4 order by pos)
union all
(select ${BESIDE_COLUMNS}, true as beside, 0, 0 ${ENTRY_FROM}
 where e.user_id = $1 and e.pos <= (select pos from start) and not e.removed and m.user_id is not null
   and (c.diffusion = 'read' or c.head_rev > e.head_rev)
 order by e.pos)`;

const toEntry = (row: EntryRow): InboxEntry => {
  const conversation = toConversation(row);
  const base = { pos: row.pos, role: row.role, readSeq: row.read_seq };
  if (row.role === null) {
    return {
      ...base,
      ...NOTHING_PERSONAL,
      conversation: { ...conversation, title: null, topic: null, memberCount: 0, headSeq: 0, headRev: 0 },
      peerId: null,
      unread: 0,
      mentions: 0,
      last: null,
    };
  }
  const { unread, mentions } = row;
  return {
    ...base,
    ...toPersonal(row),
    conversation,
    peerId: row.peer_id,
    unread,
    mentions,
    last: LAST.message(row),
  };
};

const NOTHING_PERSONAL = {
  markedUnread: false,
  draft: null,
  mutedUntil: null,
  pinnedAt: null,
  archivedSeq: null,
  placeSeq: null,
};

const toPersonal = (row: EntryRow) => ({
  markedUnread: row.marked_unread,
  draft: row.draft_at && {
    text: row.draft_text ?? '',
    version: row.draft_version,
    updatedAt: row.draft_at.getTime(),
  },
  mutedUntil: row.muted_until?.getTime() ?? null,
  pinnedAt: row.pinned_at?.getTime() ?? null,
  archivedSeq: row.archived_seq,
  placeSeq: row.place_seq,
});

/**
 * What has moved in a person's inbox after `afterPos`, ascending; at most `limit` of LIMITS.inboxPage entries, fewer
 * if their texts and drafts exceed `bytes`, at least one. A cursor ahead of the inbox (the database was restored from
 * a backup) is served from the start: `to` is then below it (rule 8). The last page also has the entries at or before
 * `to` whose conversation has a newer head: those in read diffusion, and those not fanned out yet.
 */
export const inboxAfter = async (
  db: Db,
  userId: string,
  afterPos: number,
  limit: number,
  bytes = PAGE_BYTES,
): Promise<Pick<InboxPage, 'entries' | 'to' | 'more'>> => {
  const size = Math.max(1, Math.min(limit, LIMITS.inboxPage));
  const { rows } = await db.pool.query<EntryRow & { beside: boolean; of: number }>({
    name: 'inbox-after',
    text: INBOX_SQL,
    values: [userId, afterPos, size + 1, bytes],
  });
  const changed = rows.filter((row) => !row.beside);
  const more = changed.length > size || changed.length < (changed[0]?.of ?? 0);
  const page = changed.slice(0, size);
  const to = page.at(-1)?.pos ?? afterPos;
  const entries = [...page, ...(more ? [] : rows.filter((row) => row.beside))].map(toEntry);
  return { entries, to, more };
};

/** Entries read at a time. */
const CURRENT_PAGE = 100;

/** All current conversations of a person, each as `inboxAfter` returns it, a page at a time, in one snapshot. */
export async function* currentEntries(client: Queryable, userId: string): AsyncGenerator<InboxEntry[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: EntryRow[] } = await client.query({
      name: after === null ? 'inbox-current' : 'inbox-current-after',
      text: `${SELECT_ENTRY} where e.user_id = $1 and m.user_id is not null
             ${after === null ? '' : 'and e.conversation_id > $2'} order by e.conversation_id limit ${CURRENT_PAGE}`,
      values: after === null ? [userId] : [userId, after],
    });
    yield rows.map(toEntry);
    const last = rows.at(-1);
    if (!last || rows.length < CURRENT_PAGE) return;
    after = last.id;
  }
}

/** One entry, or null if the person never was in that conversation or it is not fanned out yet. */
export const inboxEntry = async (
  db: Db,
  userId: string,
  conversationId: string,
): Promise<InboxEntry | null> => {
  const { rows } = await db.pool.query<EntryRow>({
    name: 'inbox-entry',
    text: `${SELECT_ENTRY} where e.user_id = $1 and e.conversation_id = $2`,
    values: [userId, conversationId],
  });
  return rows[0] ? toEntry(rows[0]) : null;
};
