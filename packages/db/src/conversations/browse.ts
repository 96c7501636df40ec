import { type ChannelListing, LIMITS } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import { likeText } from '../people/people.ts';
import { CONVERSATION_COLUMNS, type ConversationRow, toConversation } from './transaction.ts';

/** The directory of public channels by title, whether or not the viewer is in them; private ones never show. */
export const browseChannels = async (
  db: Db,
  viewerId: string,
  { query, offset, limit }: { query: string; offset: number; limit: number },
): Promise<ChannelListing[]> => {
  const { rows } = await db.pool.query<ConversationRow & { joined: boolean }>(
    `select ${CONVERSATION_COLUMNS}, exists (
       select 1 from member m where m.conversation_id = c.id and m.user_id = $1 and m.left_rev is null) as joined
     from conversation c
     where c.kind = 'channel' and c.visibility = 'public'
       and (c.title ilike '%' || $2 || '%' or c.topic ilike '%' || $2 || '%')
     order by lower(c.title), c.id offset $3 limit $4`,
    [viewerId, likeText(query.trim()), offset, Math.min(limit, LIMITS.page)],
  );
  return rows.map((row) => ({ ...toConversation(row), joined: row.joined }));
};
