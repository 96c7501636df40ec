import { changeMessage } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { publishChanges } from '../publish-changes.ts';
import { editing } from '../rules/change-message.ts';

/**
 * Replaces the text of one's own message; earlier texts stay as versions. Errors: `not_found`, `forbidden`, `conflict`
 * (recalled, or edited since `baseEditedAt`).
 */
export const editMessage = async (
  actor: Actor,
  core: Core,
  { conversationId, seq, body, baseEditedAt }: Parsed<'messages.edit'>,
): Promise<Message> => {
  const { userId } = actor;
  const { message, changed } = await changeMessage(
    core.db,
    { conversationId, seq, actorId: userId },
    editing(userId, body, baseEditedAt),
  );
  if (changed) publishChanges(core, conversationId, [message]);
  return message;
};
