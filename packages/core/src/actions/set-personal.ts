import { setPersonal as storePersonal } from '@lockstep/db';
import type { InboxEntry } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/**
 * Mark as unread, mute, pin, archive, last viewed message: the last writer wins; published to one's own devices.
 * Errors: `not_found`.
 */
export const setPersonal = async (
  actor: Actor,
  core: Core,
  { conversationId, ...change }: Parsed<'sync.personal'>,
): Promise<InboxEntry> => {
  const { entry, changed } = await storePersonal(core.db, actor.userId, conversationId, change);
  if (changed) core.publish.inbox(actor.userId, entry);
  return entry;
};
