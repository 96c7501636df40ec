import type { Db } from '@lockstep/db';
import type { WordStore } from '../words.ts';

/**
 * Puts the checkpoints back to the start where the index was emptied behind our back: from then on the messages count as
 * not indexed, which searches know and the health tells, and the sweep indexes them again. One statement, so that rows
 * and checkpoints are seen as one transaction of indexing left them. Rows that are missing here and there are found by
 * `verify`.
 */
export const beginAgainIfWiped = async (db: Db, words: WordStore): Promise<void> => {
  const { rowCount } = await db.pool.query(
    `update checkpoint set rev = 0
     where consumer = 'index' and rev > 0
       and not exists (select 1 from search_message)
       and exists (
         select 1 from checkpoint k join message m on m.conversation_id = k.conversation_id and m.rev <= k.rev
         where k.consumer = 'index' and m.body is not null and m.system is null)`,
  );
  if (rowCount) words.forget();
};
