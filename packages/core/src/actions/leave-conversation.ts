import { isLastOwner, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { asMember } from '../membership.ts';
import { publishMembership } from '../publish-membership.ts';

/** Errors: `not_found`, `forbidden` (a `direct`), `last_owner` (others would be left without one). */
export const leaveConversation = async (
  actor: Actor,
  core: Core,
  { conversationId }: Parsed<'conversations.leave'>,
): Promise<null> => {
  const change = await asMember(actor, core, conversationId, 'leave', async (tx, role) => {
    const isAlone = tx.conversation.memberCount <= 1;
    if (!isAlone && isLastOwner(role, await tx.countOwners())) throw new LockstepError('last_owner');
    await tx.appendSystem(actor.userId, { type: 'left', userId: actor.userId });
    await tx.leave(actor.userId);
    return { conversation: tx.conversation, messages: tx.messages, left: [actor.userId] };
  });
  await publishMembership(core, change);
  return null;
};
