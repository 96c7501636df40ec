import { ensureCheckpoints, lockCheckpoints } from '../checkpoints.ts';
import { kindHas } from '../conversations/kinds.ts';
import type { Db } from '../db.ts';
import { inTransaction } from '../transaction.ts';

export interface FanOutOptions {
  /** Members above which a conversation is in read diffusion. It returns to write diffusion below 0.8 of it. */
  threshold: number;
  /** For tests that stop a worker between steps. */
  onStep?: (step: 'begun' | 'locked' | 'written') => void | Promise<void>;
}

/** How many conversations had something new, and how many inbox entries were written for them. */
export interface FannedOut {
  conversations: number;
  entries: number;
}

/**
 * Fans out all changes of these conversations (at most 100 a call) since their checkpoints into the inbox entries of
 * their members, and moves the checkpoints in the same transaction, so a second run does nothing. Write diffusion
 * touches every member; read diffusion only those who joined, left or wrote. If a conversation `startsHidden`, only
 * the person who opened it gets an entry until the first message (`openEntry` for the other). `pos` is taken from the
 * row of each user's cursor, locked in user order until commit (rule 4).
 */
export const fanOut = async (
  db: Db,
  conversationIds: string[],
  { threshold, onStep }: FanOutOptions,
): Promise<FannedOut> => {
  const ids = [...new Set(conversationIds)].sort();
  await ensureCheckpoints(db.pool, 'fanout', ids);
  return inTransaction(db.pool, async (client) => {
    await onStep?.('begun');
    await lockCheckpoints(client, 'fanout', ids);
    await onStep?.('locked');
    // A separate statement, so that its snapshot is newer than the locks.
    const { rows } = await client.query<FannedOut>({
      name: 'fanout',
      text: FANOUT_SQL,
      values: [ids, threshold],
    });
    await onStep?.('written');
    return rows[0] as FannedOut;
  });
};

const STARTS_HIDDEN = kindHas('c.kind', 'startsHidden');

/**
 * A conversation that crosses the threshold is written once more to everyone in the same step, so that no entry
 * becomes stale in either direction. Sending implies having read: a sender's read position rises to the own newest
 * message. Senders are combined with members by grouping, and the cursors are an array in the order of users: with
 * joins the planner, which cannot know how many rows `own` and `cursor` have, took 100 s for a channel of 18,000 members
 * who joined at once.
 */
const FANOUT_SQL = `
with work as materialized (
  select c.id, c.head_rev, k.rev as from_rev,
    c.diffusion = 'write' or c.member_count < 0.8 * $2::int or (${STARTS_HIDDEN} and k.rev <= 1) as everyone,
    case when ${STARTS_HIDDEN} and c.head_seq <= 1 then c.created_by end as only,
    case when c.member_count > $2::int then 'read'::"Diffusion"
         when c.member_count < 0.8 * $2::int then 'write'::"Diffusion" else c.diffusion end as diffusion,
    c.diffusion as old_diffusion
  from checkpoint k join conversation c on c.id = k.conversation_id
  where k.conversation_id = any($1::uuid[]) and k.consumer = 'fanout' and c.head_rev > k.rev
), own as materialized (
  select w.id as conversation_id, m.sender_id, max(m.seq) as seq
  from work w join message m on m.conversation_id = w.id and m.rev > w.from_rev and m.rev <= w.head_rev
  where m.state <> 'system'
  group by w.id, m.sender_id
), touched as (
  select conversation_id, user_id, max(head_rev) as head_rev, max(from_rev) as from_rev, bool_or(everyone) as everyone,
    max(left_rev) as left_rev, max(joined_rev) as joined_rev, max(joined_seq) as joined_seq, max(own_seq) as own_seq
  from (
    select m.conversation_id, m.user_id, w.head_rev, w.from_rev, w.everyone,
      m.left_rev, m.joined_rev, m.joined_seq, null as own_seq
    from work w join member m on m.conversation_id = w.id
    where w.only is null or m.user_id = w.only
    union all
    select conversation_id, sender_id, null, null, null, null, null, null, seq from own
  ) both_sides group by conversation_id, user_id
), target as materialized (
  select user_id, conversation_id, head_rev, left_rev is not null as removed,
    greatest(joined_seq, own_seq) as read_seq,
    dense_rank() over (order by user_id) as user_n,
    row_number() over (partition by user_id order by conversation_id desc) - 1 as after
  from touched
  where (left_rev is null and (everyone or own_seq is not null) and joined_rev is not null)
    or left_rev > from_rev or joined_rev > from_rev
), cursor as (
  insert into inbox_cursor as i (user_id, pos)
  select user_id, count(*) from target group by user_id order by user_id
  on conflict (user_id) do update set pos = i.pos + excluded.pos
  returning user_id, pos
), written as (
  insert into inbox_entry as e (user_id, conversation_id, pos, head_rev, read_seq, removed)
  select user_id, conversation_id, (select array_agg(pos order by user_id) from cursor)[user_n] - after,
    head_rev, read_seq, removed
  from target
  on conflict (user_id, conversation_id) do update set
    pos = excluded.pos, head_rev = excluded.head_rev, removed = excluded.removed,
    read_seq = greatest(e.read_seq, excluded.read_seq)
  returning 1
), moved as (
  update checkpoint k set rev = w.head_rev from work w where k.conversation_id = w.id and k.consumer = 'fanout'
), switched as (
  update conversation c set diffusion = w.diffusion from work w where c.id = w.id and w.diffusion <> w.old_diffusion
)
select (select count(*)::int from work) as conversations, (select count(*)::int from written) as entries`;
