import { editMessage as storeEdit } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { publishChanges } from '../publish-changes.ts';

/**
 * Replaces the text of one's own message; earlier texts stay as versions. Errors: `not_found`, `forbidden`, `conflict`
 * (recalled, or edited since `baseEditedAt`).
 */
export const editMessage = async (
  actor: Actor,
  core: Core,
  input: Parsed<'messages.edit'>,
): Promise<Message> => {
  const { message, changed } = await storeEdit(core.db, { ...input, actorId: actor.userId });
  if (changed) publishChanges(core, input.conversationId, [message]);
  return message;
};
