import { inboxEntry } from '@lockstep/db';
import { type InboxEntry, LockstepError } from '@lockstep/protocol';
import type { Actor, Core } from './context.ts';
import { fanOutNow } from './publish-membership.ts';

/** A conversation as the actor sees it. LockstepError `not_found` when not a member (rule 10). */
export const entryOf = async (actor: Actor, core: Core, conversationId: string): Promise<InboxEntry> => {
  let entry = await inboxEntry(core.db, actor.userId, conversationId);
  if (!entry) {
    // The fan-out has not created this member's entry yet.
    await fanOutNow(core, conversationId);
    entry = await inboxEntry(core.db, actor.userId, conversationId);
  }
  if (!entry || entry.role === null) throw new LockstepError('not_found');
  return entry;
};
