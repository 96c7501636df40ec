import type { Db } from '@lockstep/db';
import { fanOut } from '@lockstep/db';

export interface LongInbox {
  userId: string;
  conversations: number;
  messages: number;
}

/** Up to where a conversation is read: 60 % all, 25 % with a few unread, 10 % with many, 5 % never opened. */
const READ = `case when p.n % 20 < 12 then p.length when p.n % 20 < 17 then greatest(1, p.length - p.n % 20)
  when p.n % 20 < 19 then greatest(1, p.length - 150) else 1 end`;

/**
 * A person who has been here for years: directs, groups and channels, three of them in read diffusion, a few left
 * behind; some conversations with thousands of messages and many with a few dozen; most read, some never. Written by
 * plain statements in seconds; the inboxes are made by the real fan-out. The same each time, but for the ids.
 */
export const makeLongInbox = async (
  db: Db,
  people: string[],
  { conversations, messages }: { conversations: number; messages: number },
): Promise<LongInbox> => {
  const [userId = ''] = people;
  const { pool } = db;
  await pool.query(
    `create table bench_place as
     select n, gen_random_uuid() as id, n > $2::int as gone,
       (case when n % 10 < 4 then 'direct' when n % 10 < 9 then 'group' else 'channel' end)::"ConversationKind" as kind,
       case when n in (9, 19, 29) then cardinality($1::uuid[]) when n % 10 < 4 then 2
            when n % 10 < 9 then 4 + n % 13 else 30 end as members,
       2 + floor(($3::int - 2 * $2::int) * (1.0 / (n % $2::int + 60)) / (select sum(1.0 / (k + 60)) from generate_series(0, $2::int - 1) k))::int as length
     from generate_series(1, $2::int + 10) n`,
    [people, conversations, messages],
  );
  await pool.query(
    `insert into conversation (id, kind, visibility, title, member_count, head_seq, head_rev, created_by, created_at)
     select id, kind, 'private', case when kind <> 'direct' then 'Conversation of team ' || n end, members, length, length, $1,
       now() - interval '900 days' from bench_place`,
    [userId],
  );
  await pool.query(
    `insert into member (conversation_id, user_id, joined_seq, joined_rev, left_rev)
     select p.id, ($1::uuid[])[1 + case when k = 0 then 0 else 1 + (p.n * 7 + k) % (cardinality($1::uuid[]) - 1) end], 1, 1,
       case when p.gone and k = 0 then p.length end
     from bench_place p cross join generate_series(0, 1000) k where k < p.members`,
    [people],
  );
  // Every seventh of those that are read is one's own (who sends has read), every 23rd mentions oneself, every 50th is recalled.
  await pool.query(
    `insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at, recalled_at, state)
     select p.id, s, s, ($1::uuid[])[1 + case when s % 7 = 0 and s <= ${READ} then 0 else 1 + (p.n * 7 + 1 + s % (p.members - 1)) % (cardinality($1::uuid[]) - 1) end],
       gen_random_uuid(), case when s % 50 <> 0 then
         case when s % 23 = 0 then '<@' || ($1::uuid[])[1] || '> ' else '' end
         || 'Message ' || s || ' about ' || substr(md5(p.n || ' ' || s), 1, 4 + s % 28) || ', as people write it' end,
       now() - interval '1 minute' * ((p.length - s) * 7 + p.n), case when s % 50 = 0 then now() end,
       case when s % 50 = 0 then 'recalled' else 'live' end::"MessageState"
     from bench_place p cross join lateral generate_series(1, p.length) s`,
    [people],
  );
  await pool.query(
    `insert into mention (conversation_id, user_id, seq)
     select conversation_id, $1, seq from message where body like '<@%' and sender_id <> $1`,
    [userId],
  );
  const { rows } = await pool.query<{ id: string }>('select id from bench_place order by id');
  for (let at = 0; at < rows.length; at += 100) {
    const ids = rows.slice(at, at + 100).map(({ id }) => id);
    await fanOut(db, ids, { threshold: 500 });
  }
  await pool.query(
    `update inbox_entry e set
       read_seq = ${READ},
       marked_unread = p.n % 97 = 0,
       pinned_at = case when p.n % 200 = 0 then now() end,
       muted_until = case when p.n % 31 = 0 then now() + interval '1 day' end,
       draft_text = case when p.n % 41 = 0 then 'Half a thought about ' || p.n end,
       draft_version = case when p.n % 41 = 0 then 3 else 0 end,
       draft_at = case when p.n % 41 = 0 then now() end
     from bench_place p where e.conversation_id = p.id and e.user_id = $1`,
    [userId],
  );
  await pool.query('vacuum analyze');
  const count = await pool.query<{ n: number }>(
    'select count(*)::int as n from message m join bench_place p on p.id = m.conversation_id where not p.gone',
  );
  return { userId, conversations, messages: count.rows[0]?.n ?? 0 };
};
