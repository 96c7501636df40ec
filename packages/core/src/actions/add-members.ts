import type { Conversation } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { addPeople, asMember } from '../membership.ts';
import { publishMembership } from '../publish-membership.ts';

/** People who are already members are skipped. Errors: `not_found`, `forbidden`, `limit_reached`. */
export const addMembers = async (
  actor: Actor,
  core: Core,
  { conversationId, userIds }: Parsed<'conversations.addMembers'>,
): Promise<Conversation> => {
  const change = await asMember(actor, core, conversationId, 'addMembers', async (tx) => {
    const joined = await addPeople(tx, actor.userId, userIds);
    return { conversation: tx.conversation, messages: tx.messages, joined };
  });
  if (change.joined.length > 0) await publishMembership(core, change);
  return change.conversation;
};
