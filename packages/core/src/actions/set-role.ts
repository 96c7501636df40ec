import { type Conversation, isLastOwner, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { asMember } from '../membership.ts';
import { publishMembership } from '../publish-membership.ts';

/** Errors: `not_found`, `forbidden` (owners only), `last_owner` (the last one cannot step down). */
export const setRole = async (
  actor: Actor,
  core: Core,
  { conversationId, userId, role }: Parsed<'conversations.setRole'>,
): Promise<Conversation> => {
  const change = await asMember(actor, core, conversationId, 'setRole', async (tx) => {
    const current = await tx.roleOf(userId);
    if (!current) throw new LockstepError('not_found');
    if (current !== role) {
      if (isLastOwner(current, await tx.countOwners())) throw new LockstepError('last_owner');
      await tx.setRole(userId, role);
      await tx.appendSystem(actor.userId, { type: 'role', userId, role });
    }
    return { conversation: tx.conversation, messages: tx.messages, touched: [userId] };
  });
  if (change.messages.length > 0) await publishMembership(core, change);
  return change.conversation;
};
