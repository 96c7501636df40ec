import { shown } from '../shown.ts';
import { type Handler, messagesKey } from './handler.ts';
import { seqOf } from './target.ts';

/** Something beside the text is set. Of what sets the same state the last goes out; what is refused is taken back. */
export const annotate: Handler<'annotate'> = {
  key: messagesKey,
  merge: (_, next) => next,
  applyLocally: (model, { args }) => shown(model, args.conversationId),
  send: async ({ args }, port) => {
    const seq = await seqOf(port, args);
    const message = { conversationId: args.conversationId, seq };
    return { message: await port.transport.annotate(args.call, { ...message, ...args.input }) };
  },
  settle: (now, sent) => (JSON.stringify(now.input) === JSON.stringify(sent.input) ? null : now),
  refused: () => 'drop',
};
