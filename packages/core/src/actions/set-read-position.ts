import { setReadPosition as storeReadPosition } from '@lockstep/db';
import { type InboxEntry, sharesReceipts } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/**
 * Only grows and never passes the head (rule 7); published to one's own devices, and in small conversations as a
 * receipt to everyone. Errors: `not_found`.
 */
export const setReadPosition = async (
  actor: Actor,
  core: Core,
  { conversationId, seq }: Parsed<'sync.read'>,
): Promise<InboxEntry> => {
  const { entry, changed } = await storeReadPosition(core.db, actor.userId, conversationId, seq);
  if (changed) {
    core.publish.inbox(actor.userId, entry);
    if (sharesReceipts(entry.conversation))
      core.publish.receipt({ conversationId, userId: actor.userId, readSeq: entry.readSeq });
  }
  return entry;
};
