import { mentionsIn } from '@lockstep/protocol';
import type { Queryable } from '../transaction.ts';

/**
 * Whom each text mentions, as an array of Postgres in text form, or null for nobody; null in all when no text of them
 * mentions anyone, which is the rule.
 */
export const mentionColumn = (bodies: readonly (string | null)[]): (string | null)[] | null => {
  if (!bodies.some((body) => body?.includes('<@'))) return null;
  return bodies.map((body) => {
    const userIds = mentionsIn(body);
    return userIds.length > 0 ? `{${userIds.join()}}` : null;
  });
};

/**
 * Under the lock of the conversation: deletes the mentions of the old text and adds members mentioned by the new one.
 */
export const replaceMentions = async (
  client: Queryable,
  { conversationId, seq }: { conversationId: string; seq: number },
  before: string | null,
  after: string | null,
): Promise<void> => {
  const [gone, come] = [mentionsIn(before), mentionsIn(after)];
  if (gone.length > 0) {
    // By the ids: they are in the primary key before `seq`.
    await client.query(
      'delete from mention where conversation_id = $1 and user_id = any($2::uuid[]) and seq = $3',
      [conversationId, gone, seq],
    );
  }
  if (come.length > 0) {
    await client.query(
      `insert into mention (conversation_id, user_id, seq)
       select m.conversation_id, m.user_id, $3 from active_member m
       where m.conversation_id = $1 and m.user_id = any($2::uuid[])
       on conflict do nothing`,
      [conversationId, come, seq],
    );
  }
};
