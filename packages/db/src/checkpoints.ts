import type { Db } from './db.ts';
import type { Queryable } from './transaction.ts';

/** Those that read conversation timelines from a checkpoint. Each search engine has one of its own. */
export type Consumer = 'fanout' | 'index' | 'index:meilisearch' | 'notify' | 'unfurl';

/**
 * Makes the checkpoints that are missing, at 0. Before the transaction that locks them, so that all are locked in one
 * pass in id order: rows made inside it would be held out of order, and two workers could wait for each other.
 */
export const ensureCheckpoints = async (
  client: Queryable,
  consumer: Consumer,
  conversationIds: string[],
): Promise<void> => {
  await client.query({
    name: 'ensure-checkpoints',
    text: `insert into checkpoint (conversation_id, consumer, rev)
           select c.id, $2, 0 from conversation c
           where c.id = any($1::uuid[])
             and not exists (select 1 from checkpoint k where k.conversation_id = c.id and k.consumer = $2)
           order by c.id on conflict do nothing`,
    values: [conversationIds, consumer],
  });
};

/**
 * Locks the checkpoints of these conversations in id order until the transaction ends: two workers on one conversation
 * take turns, and the second finds nothing left to do.
 */
export const lockCheckpoints = async (
  client: Queryable,
  consumer: Consumer,
  conversationIds: string[],
): Promise<void> => {
  await client.query({
    name: 'lock-checkpoints',
    text: `select 1 from checkpoint where conversation_id = any($1::uuid[]) and consumer = $2
           order by conversation_id for update`,
    values: [conversationIds, consumer],
  });
};

/** Conversations with changes that a consumer has not worked off, at most `limit`: what the sweep looks for. */
export const laggingConversations = async (db: Db, consumer: Consumer, limit: number): Promise<string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `select c.id from conversation c
     left join checkpoint k on k.conversation_id = c.id and k.consumer = $1
     where c.head_rev > coalesce(k.rev, 0) limit $2`,
    [consumer, limit],
  );
  return rows.map((row) => row.id);
};
