import { type PersonalChange, setPersonal as storePersonal } from '@lockstep/db';
import type { InboxEntry } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';

/** Mark as unread, mute, pin, archive, place: the last writer wins; told to one's own devices. Errors: `not_found`. */
export const setPersonal = async (
  actor: Actor,
  core: Core,
  { conversationId, ...change }: PersonalChange & { conversationId: string },
): Promise<InboxEntry> => {
  const { entry, changed } = await storePersonal(core.db, actor.userId, conversationId, change);
  if (changed) core.publish.inbox(actor.userId, entry);
  return entry;
};
