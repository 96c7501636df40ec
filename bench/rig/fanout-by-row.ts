import { type Db, inTransaction } from '@lockstep/db';

/**
 * The plain way, for comparison: each conversation in a transaction of its own, two statements for each member. The same
 * locks in the same order, and the same result, for conversations in which nobody comes or goes.
 */
export const fanOutByRow = async (db: Db, conversationIds: string[]): Promise<number> => {
  let entries = 0;
  for (const id of conversationIds) {
    entries += await inTransaction(db.pool, async (client) => {
      const checkpoint = await client.query<{ rev: number; head_rev: number }>({
        name: 'row-checkpoint',
        text: `select k.rev, c.head_rev from checkpoint k join conversation c on c.id = k.conversation_id
               where k.conversation_id = $1 and k.consumer = 'fanout' for update of k`,
        values: [id],
      });
      const { rev = 0, head_rev = 0 } = checkpoint.rows[0] ?? {};
      const { rows } = await client.query<{ user_id: string; own: number }>({
        name: 'row-members',
        text: `select a.user_id, coalesce((
                 select max(seq) from message m where m.conversation_id = $1 and m.rev > $2 and m.sender_id = a.user_id
               ), 0) as own
               from active_member a where a.conversation_id = $1 order by a.user_id`,
        values: [id, rev],
      });
      for (const { user_id, own } of rows) {
        const { rows: cursor } = await client.query<{ pos: number }>({
          name: 'row-cursor',
          text: `insert into inbox_cursor as i (user_id, pos) values ($1, 1)
                 on conflict (user_id) do update set pos = i.pos + 1 returning pos`,
          values: [user_id],
        });
        await client.query({
          name: 'row-entry',
          text: `insert into inbox_entry as e (user_id, conversation_id, pos, head_rev, read_seq) values ($1, $2, $3, $4, $5)
                 on conflict (user_id, conversation_id) do update set
                   pos = excluded.pos, head_rev = excluded.head_rev, read_seq = greatest(e.read_seq, excluded.read_seq)`,
          values: [user_id, id, cursor[0]?.pos, head_rev, own],
        });
      }
      await client.query({
        name: 'row-moved',
        text: `update checkpoint set rev = $2 where conversation_id = $1 and consumer = 'fanout'`,
        values: [id, head_rev],
      });
      return rows.length;
    });
  }
  return entries;
};
