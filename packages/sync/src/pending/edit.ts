import { shown } from '../shown.ts';
import { type Handler, messageOf, messagesKey } from './handler.ts';
import { isStored, seqOf } from './target.ts';

/** A text replaced by another. Of two edits of one message that wait, the last goes out, on top of what the first was. */
export const edit: Handler<'edit'> = {
  key: messagesKey,
  isReady: (model, { args }) => isStored(model, args),
  merge: (held, next) => ({
    ...next,
    target: held.args.target,
    // What was refused is written again on top of what its person has seen since.
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
