import {
  type ConsumerName,
  lockCheckpoints,
  MESSAGE_COLUMNS,
  type MessageRow,
  type Queryable,
  toMessage,
} from '@lockstep/db';
import type { Message } from '@lockstep/protocol';

/** The unindexed changes of a conversation: after `rev` (the checkpoint) up to `head`. */
export interface Waiting {
  id: string;
  rev: number;
  head: number;
}

/** Those of these conversations that an index is behind of, in id order. Their checkpoints are locked from then on. */
export const lockWaiting = async (
  client: Queryable,
  consumer: ConsumerName,
  conversationIds: string[],
): Promise<Waiting[]> => {
  await lockCheckpoints(client, consumer, conversationIds);
  // A separate statement, so that its snapshot is newer than the locks.
  const { rows } = await client.query<Waiting>({
    name: 'search-waiting',
    text: `select c.id, k.rev, c.head_rev as head from checkpoint k join conversation c on c.id = k.conversation_id
           where k.conversation_id = any($1::uuid[]) and k.consumer = $2 and c.head_rev > k.rev order by c.id`,
    values: [conversationIds, consumer],
  });
  return rows;
};

/** The first of them, with no more than `most` changes together; the last perhaps not up to its head. */
export const upTo = (waiting: Waiting[], most: number): Waiting[] => {
  const taken: Waiting[] = [];
  let room = most;
  for (const { id, rev, head } of waiting) {
    if (room <= 0) break;
    const end = Math.min(head, rev + room);
    taken.push({ id, rev, head: end });
    room -= end - rev;
  }
  return taken;
};

/**
 * The messages whose text was changed there, as they are now. One whose text has changed again since belongs to a later
 * `rev`; one that was only annotated since does not, so it is looked for by `text_rev`.
 */
export const readChanges = async (client: Queryable, taken: Waiting[]): Promise<Message[]> => {
  const { rows } = await client.query<MessageRow>({
    name: 'search-changes',
    text: `select ${MESSAGE_COLUMNS} from unnest($1::uuid[], $2::int[], $3::int[]) w(id, rev, head)
           cross join lateral (
             select * from message t
             where t.conversation_id = w.id and t.rev > w.rev and t.rev <= w.head and t.text_rev is null
             union all
             select * from message t
             where t.conversation_id = w.id and t.text_rev > w.rev and t.text_rev <= w.head
           ) m`,
    values: [taken.map(({ id }) => id), taken.map(({ rev }) => rev), taken.map(({ head }) => head)],
  });
  return rows.map(toMessage);
};

/**
 * Moves the checkpoints to these heads, except where a checkpoint is before `rev`, from which the changes were read:
 * it was reset in the meantime because the index was wiped.
 */
export const moveCheckpoints = async (
  client: Queryable,
  consumer: ConsumerName,
  reached: Waiting[],
): Promise<void> => {
  await client.query({
    name: 'search-reached',
    text: `update checkpoint k set rev = greatest(k.rev, r.head)
           from unnest($1::uuid[], $2::int[], $3::int[]) r(id, rev, head)
           where k.conversation_id = r.id and k.consumer = $4 and k.rev >= r.rev`,
    values: [
      reached.map(({ id }) => id),
      reached.map(({ rev }) => rev),
      reached.map(({ head }) => head),
      consumer,
    ],
  });
};
