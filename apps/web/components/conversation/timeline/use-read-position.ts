import { useEffect, useRef, useState } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import { positionToRead, watchAttention } from './attention.ts';

/**
 * Moves the read position to the newest message that has been on the screen at rest while the reader was there (rule
 * 7). "Marked as unread" is cleared by opening the conversation and by reading on, not by keeping it open.
 */
export const useReadPosition = (
  conversationId: string,
  /** The greatest seq that counts as seen, or 0. */
  seenSeq: number,
  entry: { readSeq: number; markedUnread: boolean },
): void => {
  const engine = useEngine();
  const [here, setHere] = useState(false);
  useEffect(() => watchAttention({ window, document }, setHere), []);
  const wasMarked = useRef(entry.markedUnread);
  if (!entry.markedUnread) wasMarked.current = false;
  const { readSeq } = entry;
  useEffect(() => {
    const position = positionToRead({ here, seenSeq, readSeq, wasMarked: wasMarked.current });
    if (position === null) return;
    if (position === readSeq) wasMarked.current = false;
    engine.markRead(conversationId, position);
  }, [engine, here, conversationId, seenSeq, readSeq]);
};
