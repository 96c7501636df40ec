import type { Db } from './db.ts';
import type { Queryable } from './transaction.ts';

/** The name under which a consumer of the conversation timelines keeps its checkpoints: `fanout`, `index`, ... */
export type ConsumerName = string;

/** Where a consumer that is switched on begins in the conversations that are there already. */
export type ConsumerStart = 'beginning' | 'head';

/**
 * Switches a consumer on; to be called before its first work, any number of times. One that starts at the `head` gets
 * its checkpoints of all conversations at their heads, once, in one statement: what that does not see yet, a change or a
 * whole conversation, comes later and is worked off. Of two workers that start together the second waits, and does nothing.
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
 * Makes the checkpoints that are missing, at 0. Before the transaction that locks them, so that all are locked in one
 * pass in id order: rows made inside it would be held out of order, and two workers could wait for each other.
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
 * Locks the checkpoints of these conversations in id order until the transaction ends: two workers on one conversation
 * take turns, and the second finds nothing left to do.
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

/** Conversations with changes that a consumer has not worked off, at most `limit`: what the sweep looks for. */
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
