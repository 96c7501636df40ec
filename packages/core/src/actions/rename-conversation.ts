import type { Conversation } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { asMember } from '../membership.ts';
import { publishChanges } from '../publish-changes.ts';

/** Errors: `not_found`, `forbidden`. The same title again changes nothing. */
export const renameConversation = async (
  actor: Actor,
  core: Core,
  { conversationId, title }: Parsed<'conversations.rename'>,
): Promise<Conversation> => {
  const { conversation, messages } = await asMember(actor, core, conversationId, 'rename', async (tx) => {
    if (tx.conversation.title !== title) {
      await tx.setTitle(title);
      await tx.appendSystem(actor.userId, { type: 'renamed', title });
    }
    return tx;
  });
  if (messages.length > 0) publishChanges(core, conversationId, messages, conversation);
  return conversation;
};
