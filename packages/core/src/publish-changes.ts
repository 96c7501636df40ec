import type { Conversation, Message } from '@lockstep/protocol';
import type { Core } from './context.ts';

/** Pushes changes that are committed, and wakes the fan-out. */
export const publishChanges = (
  core: Core,
  conversationId: string,
  messages: Message[],
  conversation?: Conversation,
): void => {
  core.publish.changes(
    conversation ? { conversationId, messages, conversation } : { conversationId, messages },
  );
  core.enqueueConversations([conversationId]);
};
