import type { SystemEvent } from '@lockstep/protocol';
import { withConversation } from '../conversations/transaction.ts';
import type { Db } from '../db.ts';
import { mentionColumn } from './mentions.ts';

/** An imported message with its original time. Either `body` or `system` is set. */
export interface HistoryRow {
  senderId: string;
  /** Derived from the source, so that a second import of the same line adds nothing (rule 2). */
  clientId: string;
  body: string | null;
  system: SystemEvent | null;
  createdAt: Date;
}

const CHUNK = 2_000;

/**
 * Appends messages with their original times, in the order given, and returns how many were new. For imports: it
 * checks no membership and publishes nothing. Each chunk of 2,000 is a transaction: after a crash, run it again.
 * `join` become members in the last of them: the fan-out finds them by its `rev` (docs/adr/0002), and nothing of the
 * history is unread to them. People who were ever members stay unchanged.
 */
export const appendHistory = async (
  db: Db,
  conversationId: string,
  rows: HistoryRow[],
  join: string[] = [],
): Promise<number> => {
  let added = 0;
  for (let start = 0; start < rows.length; start += CHUNK) {
    const isLast = start + CHUNK >= rows.length;
    const chunk = rows.slice(start, start + CHUNK);
    added += await appendChunk(db, conversationId, chunk, join, isLast);
  }
  return added;
};

/** `members` are those who join with the last chunk; they can be mentioned before. */
const appendChunk = (
  db: Db,
  conversationId: string,
  rows: HistoryRow[],
  members: string[],
  join: boolean,
): Promise<number> =>
  withConversation(db, conversationId, async (tx) => {
    const { client, conversation } = tx;
    // A scalar subquery is not turned into a join, so each row is looked up in the unique index whatever the statistics
    // say. As a join the planner hashes the whole conversation for every chunk, or, on a table not yet analysed, walks
    // it for every row: both quadratic.
    const { rowCount } = await client.query(
      `with fresh as (
         select distinct on (i.sender_id, i.client_id) i.*
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::timestamptz[], $9::text[])
           with ordinality as i(sender_id, client_id, body, system, created_at, mentions, ord)
         where (select m.seq from message m
           where m.conversation_id = $1 and m.sender_id = i.sender_id and m.client_id = i.client_id) is null
         order by i.sender_id, i.client_id, i.ord
       ), numbered as (select *, row_number() over (order by ord)::int as n from fresh),
       mentioned as (
         insert into mention (conversation_id, user_id, seq)
         select $1, u.user_id, $7 + f.n
         from numbered f cross join lateral unnest(f.mentions::uuid[]) as u(user_id)
         where f.mentions is not null and (u.user_id = any($10::uuid[]) or exists (
           select 1 from active_member m where m.conversation_id = $1 and m.user_id = u.user_id))
       ),
       head as (
         update conversation c set head_seq = $7 + k.n, head_rev = $8 + k.n
         from (select count(*)::int as n from fresh) k where c.id = $1
       )
       insert into message (conversation_id, seq, rev, sender_id, client_id, state, body, system, created_at)
       select $1, $7 + n, $8 + n, sender_id, client_id,
         case when system is null then 'live' else 'system' end::"MessageState", body, system, created_at from numbered`,
      [
        conversationId,
        rows.map((row) => row.senderId),
        rows.map((row) => row.clientId),
        rows.map((row) => row.body),
        rows.map((row) => (row.system ? JSON.stringify(row.system) : null)),
        rows.map((row) => row.createdAt),
        conversation.headSeq,
        conversation.headRev,
        mentionColumn(rows.map((row) => row.body)) ?? [],
        members,
      ],
    );
    const added = rowCount ?? 0;
    conversation.headSeq += added;
    conversation.headRev += added;
    if (join && members.length > 0) {
      const outsiders = await client.query<{ id: string }>(
        `select u as id from unnest($2::uuid[]) u
         where not exists (select 1 from member m where m.conversation_id = $1 and m.user_id = u)`,
        [conversationId, members],
      );
      await tx.join(outsiders.rows.map((row) => row.id));
    }
    return added;
  });
