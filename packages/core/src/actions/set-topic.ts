import type { Conversation } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { asMember } from '../membership.ts';
import { publishChanges } from '../publish-changes.ts';

/** Null removes the topic. Errors: `not_found`, `forbidden`. The same topic again changes nothing. */
export const setTopic = async (
  actor: Actor,
  core: Core,
  { conversationId, topic }: Parsed<'conversations.setTopic'>,
): Promise<Conversation> => {
  const { conversation, messages } = await asMember(actor, core, conversationId, 'setTopic', async (tx) => {
    if (tx.conversation.topic !== topic) {
      await tx.setTopic(topic);
      await tx.appendSystem(actor.userId, { type: 'topic', topic });
    }
    return tx;
  });
  if (messages.length > 0) publishChanges(core, conversationId, messages, conversation);
  return conversation;
};
