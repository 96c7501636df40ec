import { shown } from '../shown.ts';
import { type Handler, messagesKey } from './handler.ts';
import { isStored, seqOf } from './target.ts';

/** A message taken back. */
export const recall: Handler<'recall'> = {
  key: messagesKey,
  isReady: (model, { args }) => isStored(model, args),
  merge: ({ args }) => args,
  applyLocally: (model, { args }) => shown(model, args.conversationId),
  send: async ({ args }, port) => ({
    message: await port.transport.recall(args.conversationId, await seqOf(port, args)),
  }),
  settle: () => null,
  refused: () => 'keep',
};
