import { recallMessage as storeRecall } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { publishChanges } from '../publish-changes.ts';
import { can } from '../rules/can.ts';

/**
 * Takes a message back and leaves a tombstone: one's own, or anyone's as owner or admin (members of a `direct` are
 * neither). Errors: `not_found`, `forbidden`, `conflict` (a system message).
 */
export const recallMessage = async (
  actor: Actor,
  core: Core,
  input: Parsed<'messages.recall'>,
): Promise<Message> => {
  const { message, changed } = await storeRecall(core.db, {
    ...input,
    actorId: actor.userId,
    mayRecallOthers: (role, place) => can(role, 'recallOthers', place),
  });
  if (changed) publishChanges(core, input.conversationId, [message]);
  return message;
};
