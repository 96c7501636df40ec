import type { Db } from './db.ts';
import type { Queryable } from './transaction.ts';

/** The name under which a consumer of the conversation timelines keeps its checkpoints: `fanout`, `index`, ... */
export type ConsumerName = string;

/** Where a new consumer starts in existing conversations. */
export type ConsumerStart = 'beginning' | 'head';

/**
 * Registers a consumer; call it before its first work, any number of times. A consumer that starts at the `head` gets
 * checkpoints at the heads of all conversations, once, in one statement: later changes and conversations are then
 * processed. If two workers start together, the second waits and does nothing.
 */
export const beginConsumer = async (
  db: Db,
  { name, start }: { name: ConsumerName; start: ConsumerStart },
): Promise<void> => {
  if (start === 'beginning') return;
  await db.pool.query(
    `with begun as (
       insert into consumer_start (consumer) values ($1) on conflict do nothing returning consumer
     )
     insert into checkpoint (conversation_id, consumer, rev)
     select c.id, b.consumer, c.head_rev from begun b cross join conversation c
     on conflict do nothing`,
    [name],
  );
};

/**
 * Creates missing checkpoints at 0. This happens before the transaction that locks them, so that all are locked in
 * one pass in id order: rows inserted inside it would be locked out of order, and two workers could deadlock.
 */
export const ensureCheckpoints = async (
  client: Queryable,
  consumer: ConsumerName,
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
 * Locks the checkpoints of these conversations in id order until the transaction ends: if two workers have the same
 * conversation, the second waits and then finds nothing to do.
 */
export const lockCheckpoints = async (
  client: Queryable,
  consumer: ConsumerName,
  conversationIds: string[],
): Promise<void> => {
  await client.query({
    name: 'lock-checkpoints',
    text: `select 1 from checkpoint where conversation_id = any($1::uuid[]) and consumer = $2
           order by conversation_id for update`,
    values: [conversationIds, consumer],
  });
};

/** Conversations with changes that a consumer has not processed, at most `limit`; used by the sweep. */
export const laggingConversations = async (
  db: Db,
  consumer: ConsumerName,
  limit: number,
): Promise<string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `select c.id from conversation c
     left join checkpoint k on k.conversation_id = c.id and k.consumer = $1
     where c.head_rev > coalesce(k.rev, 0) limit $2`,
    [consumer, limit],
  );
  return rows.map((row) => row.id);
};
