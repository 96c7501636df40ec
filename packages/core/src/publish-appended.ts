import type { Message } from '@lockstep/protocol';
import type { Publisher } from './context.ts';

/**
 * One push per commit and conversation. The appender resolves all messages of a batch in one tick and in `seq` order,
 * so their continuations run back to back in that order; what they leave here goes out as one event when they are
 * done. A conversation is in one batch at a time, so its pushes leave in `rev` order.
 */
export const pushInBatches = (publish: Publisher): ((message: Message) => void) => {
  const waiting = new Map<string, Message[]>();
  let scheduled = false;

  const flush = () => {
    scheduled = false;
    for (const [conversationId, messages] of waiting) publish.changes({ conversationId, messages });
    waiting.clear();
  };

  return (message) => {
    const { conversationId, rev } = message;
    const run = waiting.get(conversationId);
    if (run?.at(-1)?.rev === rev - 1) run.push(message);
    else {
      // A ChangesEvent must have no gap, and another process took a number in between.
      if (run) publish.changes({ conversationId, messages: run });
      waiting.set(conversationId, [message]);
    }
    if (scheduled) return;
    scheduled = true;
    // Runs when the microtasks of this tick are done.
    process.nextTick(flush);
  };
};
