import { type Db, inTransaction, type Queryable } from '@lockstep/db';
import type { WordStore } from '../words.ts';

/** A marker row of `search_message` that belongs to no message: if it is missing, the table was emptied. */
export const MARK = { conversationId: '00000000-0000-0000-0000-000000000000', seq: 0 } as const;

/** Whether the index was emptied from outside. In a snapshot, consistent with the checkpoints read there. */
export const isWiped = async (client: Queryable): Promise<boolean> => {
  const { rowCount } = await client.query({
    name: 'search-mark',
    text: 'select 1 from search_message where conversation_id = $1 and seq = $2',
    values: [MARK.conversationId, MARK.seq],
  });
  return rowCount === 0;
};

/**
 * Puts the checkpoints back to the start where the index was emptied: from then on the messages count as not indexed,
 * which searches and the health check take into account, and the sweep indexes them again. In one transaction, with
 * the mark. Rows that are missing here and there are found by `verify`.
 */
export const restartIfWiped = async (db: Db, words: WordStore): Promise<void> => {
  if (!(await isWiped(db.pool))) return;
  await inTransaction(db.pool, async (client) => {
    const { rowCount } = await client.query(
      `insert into search_message (conversation_id, seq, rev, sender_id, at, tokens)
       values ($1, $2, 0, $1, 'epoch', '') on conflict do nothing`,
      [MARK.conversationId, MARK.seq],
    );
    // A second worker finds that it is already done.
    if (rowCount === 0) return;
    await client.query(
      `update checkpoint k set rev = 0 from (
         select conversation_id from checkpoint where consumer = 'index' and rev > 0 order by 1 for update
       ) l where k.conversation_id = l.conversation_id and k.consumer = 'index'`,
    );
  });
  words.forget();
};
