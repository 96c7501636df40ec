import type { MessageDecision } from '@lockstep/db';
import { can, canEdit, canRecall, hasText, isRecalled, LockstepError } from '@lockstep/protocol';

// Who may change a message, and how: decided under the lock of its conversation, for the current message.

/** `forbidden` (someone else's), `conflict` (recalled, a system message, or edited since `baseEditedAt`, in ms). */
export const editing =
  (actorId: string, body: string, baseEditedAt?: number | null): MessageDecision =>
  (message) => {
    if (!canEdit(actorId, message)) throw new LockstepError('forbidden');
    if (!hasText(message)) throw new LockstepError('conflict', 'not a text that can be edited');
    // Checked first, so that repeating a call with an unknown outcome changes nothing.
    if (message.body === body) return null;
    if (baseEditedAt !== undefined && message.editedAt !== baseEditedAt)
      throw new LockstepError('conflict', 'edited meanwhile');
    return { edit: body };
  };

/** `forbidden`, `conflict` (a system message, which nobody can recall). */
export const recalling =
  (actorId: string): MessageDecision =>
  (message, role, conversation) => {
    if (message.system)
      throw new LockstepError(can(role, 'recallOthers', conversation) ? 'conflict' : 'forbidden');
    if (!canRecall(actorId, role, message, conversation)) throw new LockstepError('forbidden');
    return isRecalled(message) ? null : 'recall';
  };
