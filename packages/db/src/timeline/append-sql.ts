import type { MessageJson } from './row.ts';

/**
 * The append of one batch, as one statement (docs/adr/0001).
 *
 * $1 conversation ids, distinct · $2..$5 conversation, sender, client id and text of each message, in order. One row
 * a message comes back, in the order of `ord` (1-based):
 * - nothing for it: there is no such conversation;
 * - `stale`: the conversation moved between snapshot and lock, nothing was done for it: send it again;
 * - not `member`: the sender is not in it. Checked here and not before (rule 10): under the lock nobody can leave;
 * - `stored`: this client id was stored before (rule 2), with the row as it is now;
 * - `nth` > 1: the same client id stands earlier in this batch;
 * - otherwise stored with `seq`, `rev`, `at`.
 *
 * With `more` there are also $6, whom each message mentions as an array in text form, or null: those of them who are
 * members get a row; and $7, what belongs to its text, or null. Most batches have neither and pay nothing for it.
 *
 * Rule 1: numbers are head + running count of what is really inserted, under the row lock. `planned` is scanned for
 * the insert, the mentions and the result, and joined to nothing but members by their primary key, so no plan of it
 * is quadratic.
 */
const appendSql = (more: boolean) => `
with locked as materialized (
  select c.id, c.head_seq, c.head_rev, c.head_rev <> s.head_rev as stale
  from conversation c join conversation s on s.id = c.id
  where c.id = any($1::uuid[])
  order by c.id
  for update of c
), known as (
  select i.ord, i.conversation_id, i.sender_id, i.client_id, i.body,${more ? ' i.mentions, i.content,' : ''} l.head_seq, l.head_rev, l.stale,
    m.user_id is not null as member,
    case when d.seq is not null then to_jsonb(d) end as stored,
    row_number() over (partition by i.conversation_id, i.sender_id, i.client_id order by i.ord) as nth
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]${more ? ', $6::text[], $7::jsonb[]' : ''})
    with ordinality as i(conversation_id, sender_id, client_id, body${more ? ', mentions, content' : ''}, ord)
  join locked l on l.id = i.conversation_id
  left join active_member m on m.conversation_id = i.conversation_id and m.user_id = i.sender_id
  left join message d
    on d.conversation_id = i.conversation_id and d.sender_id = i.sender_id and d.client_id = i.client_id
), planned as materialized (
  select *, (not stale and member and stored is null and nth = 1) as fresh,
    count(*) filter (where not stale and member and stored is null and nth = 1)
      over (partition by conversation_id order by ord) as n
  from known
), clock as materialized (
  select clock_timestamp()::timestamptz(3) as at
), inserted as (
  insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at${more ? ', content' : ''})
  select conversation_id, head_seq + n, head_rev + n, sender_id, client_id, body, (select at from clock)${more ? ', content' : ''}
  from planned where fresh
),${more ? MENTIONED : ''} moved as (
  update conversation c set head_seq = c.head_seq + k.n, head_rev = c.head_rev + k.n
  from (select conversation_id, count(*)::int as n from planned where fresh group by conversation_id) k
  where c.id = k.conversation_id
)
select ord::int, stale, member, nth::int, (head_seq + n)::int as seq, (head_rev + n)::int as rev,
  (extract(epoch from (select at from clock)) * 1000)::float8 as at,
  stored
from planned`;

/** Used only with mentions: messages without mentions need no look-up. */
const MENTIONED = ` mentioned as (
  insert into mention (conversation_id, user_id, seq)
  select p.conversation_id, m.user_id, p.head_seq + p.n
  from (select * from planned where fresh and mentions is not null) p
  cross join lateral unnest(p.mentions::uuid[]) as u(user_id)
  join active_member m on m.conversation_id = p.conversation_id and m.user_id = u.user_id
),`;

export const APPEND_SQL = appendSql(false);
export const APPEND_MORE_SQL = appendSql(true);

/** The same locks in the same order, taken ahead of the append. */
export const LOCK_SQL = 'select 1 from conversation where id = any($1::uuid[]) order by id for update';

export interface AppendRow {
  ord: number;
  stale: boolean;
  member: boolean;
  nth: number;
  seq: number;
  rev: number;
  at: number;
  stored: MessageJson | null;
}
