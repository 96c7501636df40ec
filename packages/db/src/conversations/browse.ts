import { type ChannelListing, LIMITS } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Db } from '../db.ts';
import { foldedQuery, gradeOf, likeText } from '../people/folded.ts';
import { kindHas } from './kinds.ts';
import { CONVERSATION_COLUMNS, type ConversationRow, toConversation } from './transaction.ts';

/**
 * Public channels by title or topic, ignoring case, accents and width (`fold`), whether or not the viewer is a
 * member; private ones never show.
 */
export const browseChannels = async (
  db: Db,
  viewerId: string,
  { query, offset, limit }: Parsed<'conversations.browse'>,
): Promise<ChannelListing[]> => {
  const folded = foldedQuery(query);
  const { rows } = await db.pool.query<ConversationRow & { joined: boolean }>(
    `select ${CONVERSATION_COLUMNS}, exists (
       select 1 from active_member m where m.conversation_id = c.id and m.user_id = $1) as joined
     from conversation c
     where ${kindHas('c.kind', 'isListed')} and c.visibility = 'public'
       and (c.folded_title like '%' || $2 || '%' or c.folded_topic like '%' || $2 || '%')
     order by ${gradeOf('c.folded_title', '$5', '$2')}, c.folded_title, c.id offset $3 limit $4`,
    [viewerId, likeText(folded), offset, Math.min(limit, LIMITS.page), folded],
  );
  return rows.map((row) => ({ ...toConversation(row), joined: row.joined }));
};
