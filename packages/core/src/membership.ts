import { type ConversationTx, outsiders, unknownPeople, withConversation } from '@lockstep/db';
import { can, LockstepError, type Role, traitsOf, type Verb } from '@lockstep/protocol';
import type { Actor, Core } from './context.ts';

/**
 * Runs `work` with the conversation locked, if the actor is allowed to. Errors: `not_found` if the actor is not a
 * member (the same as for an unknown conversation), `forbidden` if the role is not sufficient.
 */
export const asMember = <T>(
  actor: Actor,
  core: Core,
  conversationId: string,
  verb: Verb,
  work: (tx: ConversationTx, role: Role) => Promise<T>,
): Promise<T> =>
  withConversation(core.db, conversationId, async (tx) => {
    const role = await tx.roleOf(actor.userId);
    if (!role) throw new LockstepError('not_found');
    if (!can(role, verb, tx.conversation)) throw new LockstepError('forbidden');
    return work(tx, role);
  });

/**
 * Adds those of `userIds` who are not members yet, with one system message of the actor, and returns them. Errors:
 * `not_found` (an unknown or deactivated person), `limit_reached` (the group would be too large).
 */
export const addPeople = async (
  tx: ConversationTx,
  actorId: string,
  userIds: string[],
): Promise<string[]> => {
  if (userIds.length === 0) return [];
  const fresh = await outsiders(tx.client, tx.conversation.id, userIds);
  if (fresh.length === 0) return [];
  if ((await unknownPeople(tx.client, fresh)).length > 0) throw new LockstepError('not_found');
  const { kind, memberCount } = tx.conversation;
  if (memberCount + fresh.length > traitsOf(kind).maxMembers) throw new LockstepError('limit_reached');
  await tx.appendSystem(actorId, { type: 'joined', userIds: fresh });
  await tx.join(fresh);
  return fresh;
};
