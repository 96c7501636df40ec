import type { Message } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/**
 * Stores a message and pushes it. Resolves after commit (rule 3). The append statement itself checks who may send
 * (rule 10). Errors: `not_found` (not a member), `unavailable` (send again with the same client id).
 */
export const sendMessage = async (
  actor: Actor,
  core: Core,
  { conversationId, clientId, ...written }: Parsed<'messages.send'>,
): Promise<Message> => {
  const { message, duplicate } = await core.db.appender.append({
    conversationId,
    senderId: actor.userId,
    clientId,
    ...written,
  });
  if (!duplicate) {
    core.appended(message);
    core.enqueueConversations([message.conversationId]);
  }
  return message;
};
