import { type Message, traitsOf } from '@lockstep/protocol';
import { useMemo, useRef } from 'react';
import { useSync } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';
import { readersBySeq, seenOwnSeq } from './receipts.ts';

/** The list of readers of a message; the same array while it says the same, so that rows are not drawn again. */
type Readers = ReadonlyMap<number, readonly string[]>;

/** Who has read up to where: each person at one message; in a conversation of two only at the last of one's own. */
export const useReaders = (messages: readonly Message[], hasAfter: boolean): Readers => {
  const { entry, meId } = useConversation();
  const { id, kind } = entry.conversation;
  const { peerId } = entry;
  const receipts = useSync((state) => state.receipts.get(id));
  const last = useRef<Readers>(new Map());
  return useMemo(() => {
    let next: Readers;
    const { hasReceipts, hasPeer } = traitsOf(kind);
    if (!hasReceipts || peerId === meId) next = new Map();
    else if (hasPeer && peerId) {
      const seq = seenOwnSeq(receipts, messages, meId, peerId);
      next = seq === null || hasAfter ? new Map() : new Map([[seq, [peerId]]]);
    } else next = readersBySeq(receipts, messages, meId, hasAfter);
    const stable = new Map<number, readonly string[]>();
    for (const [seq, userIds] of next) {
      const before = last.current.get(seq);
      stable.set(seq, before?.join() === userIds.join() ? before : userIds);
    }
    last.current = stable;
    return stable;
  }, [receipts, messages, hasAfter, kind, peerId, meId]);
};
