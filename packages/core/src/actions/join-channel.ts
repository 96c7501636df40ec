import { withConversation } from '@lockstep/db';
import { type InboxEntry, isOpen, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { entryOf } from '../entry.ts';
import { publishMembership } from '../publish-membership.ts';

/**
 * Joins a public channel; a person who is already a member just gets the entry. The first to join an empty channel
 * becomes its owner. Errors: `not_found`, also if it is not public.
 */
export const joinChannel = async (
  actor: Actor,
  core: Core,
  { conversationId }: Parsed<'conversations.join'>,
): Promise<InboxEntry> => {
  const change = await withConversation(core.db, conversationId, async (tx) => {
    if (await tx.roleOf(actor.userId)) return null;
    if (!isOpen(tx.conversation)) throw new LockstepError('not_found');
    const role = tx.conversation.memberCount === 0 ? 'owner' : 'member';
    await tx.appendSystem(actor.userId, { type: 'joined', userIds: [actor.userId] });
    await tx.join([actor.userId], role);
    return { conversation: tx.conversation, messages: tx.messages, joined: [actor.userId] };
  });
  if (change) await publishMembership(core, change);
  return entryOf(actor, core, conversationId);
};
