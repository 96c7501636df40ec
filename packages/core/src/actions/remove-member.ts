import { type Conversation, canRemove, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { asMember } from '../membership.ts';
import { publishMembership } from '../publish-membership.ts';

/**
 * Removes a member, also from open sockets (rule 10). To remove oneself, use leaveConversation. Errors: `not_found`
 * (actor or target is not a member), `forbidden`.
 */
export const removeMember = async (
  actor: Actor,
  core: Core,
  { conversationId, userId }: Parsed<'conversations.removeMember'>,
): Promise<Conversation> => {
  const change = await asMember(actor, core, conversationId, 'removeMember', async (tx, role) => {
    if (userId === actor.userId) throw new LockstepError('forbidden', 'leave instead');
    const target = await tx.roleOf(userId);
    if (!target) throw new LockstepError('not_found');
    if (!canRemove(role, target)) throw new LockstepError('forbidden');
    await tx.appendSystem(actor.userId, { type: 'left', userId });
    await tx.leave(userId);
    return { conversation: tx.conversation, messages: tx.messages, left: [userId] };
  });
  await publishMembership(core, change);
  return change.conversation;
};
