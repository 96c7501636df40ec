import type { Model } from '../model.ts';
import { shown } from '../shown.ts';
import { type Handler, personalKey } from './handler.ts';
import { unconfirmedRead } from './unconfirmed.ts';

const READ_MS = 300;

/** The read position: only the greatest is sent (rule 7). */
export const read: Handler<'read'> = {
  key: personalKey,
  endsWithMembership: true,
  merge: (held, next) => greater(held.args, next),
  combine: (own, stored) => greater(own, stored),
  delay: () => [READ_MS],
  applyLocally: (model, { args }) => shown(model, args.conversationId),
  send: async ({ args }, { transport }) => ({ entry: await transport.read(args.conversationId, args.seq) }),
  settle: (now, sent) => (now.seq > sent.seq ? now : null),
  // Settled only once the entry has it: the user may have read further in the meantime (rule 7). Without an entry this
  // tab knows before the other one that the user has left, and no entry will come.
  canRemove: ({ entries }, { args: { conversationId, seq } }) =>
    seq <= (entries.get(conversationId)?.readSeq ?? Number.POSITIVE_INFINITY),
  refused: (code) => (code === 'not_found' ? 'check' : 'drop'),
};

const greater = <A extends { seq: number }>(a: A, b: A): A => (a.seq >= b.seq ? a : b);

/** The read position to send when the user has read to `seq`; null if the server already has it. */
export const newlyRead = (model: Model, conversationId: string, seq: number): number | null => {
  const entry = model.inbox.get(conversationId);
  const tally = model.tallies.get(conversationId);
  if (!entry || !tally) return null;
  const target = Math.min(seq, entry.conversation.headSeq);
  const known = Math.max(tally.readSeq, unconfirmedRead(model, conversationId) ?? 0);
  return target <= known && !entry.markedUnread ? null : Math.max(entry.readSeq, target);
};
