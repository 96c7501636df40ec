import { shown } from '../shown.ts';
import { type Handler, messageOf, messagesKey } from './handler.ts';
import { isStored, seqOf } from './target.ts';

/**
 * Replaces the text of a message. Of two pending edits of one message only the last is sent, based on the text that
 * the first was based on.
 */
export const edit: Handler<'edit'> = {
  key: messagesKey,
  isReady: (model, { args }) => isStored(model, args),
  merge: (held, next) => ({
    ...next,
    target: held.args.target,
    // A refused edit is sent again based on the text that the user has seen since.
    baseEditedAt: held.state === 'failed' ? next.baseEditedAt : held.args.baseEditedAt,
  }),
  applyLocally: (model, { args }) => shown(model, args.conversationId),
  send: async ({ args }, port) => {
    const seq = await seqOf(port, args);
    return { message: await port.transport.edit(args.conversationId, seq, args.body, args.baseEditedAt) };
  },
  settle: (now, sent, answer) => (now.body === sent.body ? null : (edit.stored?.(now, answer) ?? now)),
  // What is written next is written on top of it.
  stored: (args, answer) => ({ ...args, baseEditedAt: messageOf(answer)?.editedAt }),
  refused: () => 'keep',
};
