import { changeMessage } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { publishChanges } from '../publish-changes.ts';
import { recalling } from '../rules/change-message.ts';

/**
 * Recalls a message and leaves a tombstone: one's own, or anyone's as owner or admin (there are none in a `direct`).
 * Errors: `not_found`, `forbidden`, `conflict` (a system message).
 */
export const recallMessage = async (
  actor: Actor,
  core: Core,
  { conversationId, seq }: Parsed<'messages.recall'>,
): Promise<Message> => {
  const { userId } = actor;
  const { message, changed } = await changeMessage(
    core.db,
    { conversationId, seq, actorId: userId },
    recalling(userId),
  );
  if (changed) publishChanges(core, conversationId, [message]);
  return message;
};
