import { setReadPosition as storeReadPosition } from '@lockstep/db';
import type { InboxEntry } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';

/** Only grows, never passes the head (rule 7); told to one's own devices. Errors: `not_found`. */
export const setReadPosition = async (
  actor: Actor,
  core: Core,
  { conversationId, seq }: { conversationId: string; seq: number },
): Promise<InboxEntry> => {
  const { entry, changed } = await storeReadPosition(core.db, actor.userId, conversationId, seq);
  if (changed) core.publish.inbox(actor.userId, entry);
  return entry;
};
