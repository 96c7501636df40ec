import { useEffect, useRef, useState } from 'react';
import { useEngine } from '@/lib/sync/index.ts';

/** So long after the last key, touch or move of the pointer a reader is taken to be there, in ms. */
const PRESENT_MS = 60_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** Whether the page is in front of the reader: the tab is shown, and has the focus or was used a moment ago. */
const useAttention = (): boolean => {
  const [here, setHere] = useState(false);
  useEffect(() => {
    let usedAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const left = usedAt + PRESENT_MS - performance.now();
      setHere(document.visibilityState === 'visible' && (document.hasFocus() || left > 0));
      clearTimeout(timer);
      if (left > 0) timer = setTimeout(look, left);
    };
    const used = () => {
      const before = usedAt;
      usedAt = performance.now();
      if (usedAt - before > 1_000) look();
    };
    look();
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
    for (const sign of SIGNS) window.addEventListener(sign, used, { passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      document.removeEventListener('visibilitychange', look);
      for (const sign of SIGNS) window.removeEventListener(sign, used, { capture: true });
    };
  }, []);
  return here;
};

/**
 * Moves the read position to the newest message that has been on the screen at rest while the reader was there (rule 7).
 * "Marked as unread" is taken away by opening the conversation and by reading on, not by having it open.
 */
export const useReadPosition = (
  conversationId: string,
  /** The greatest seq that counts as seen, or 0. */
  seenSeq: number,
  entry: { readSeq: number; markedUnread: boolean },
): void => {
  const engine = useEngine();
  const here = useAttention();
  const wasMarked = useRef(entry.markedUnread);
  if (!entry.markedUnread) wasMarked.current = false;
  const { readSeq } = entry;
  useEffect(() => {
    if (!here || seenSeq === 0) return;
    if (seenSeq > readSeq) engine.markRead(conversationId, seenSeq);
    else if (wasMarked.current) {
      wasMarked.current = false;
      engine.markRead(conversationId, readSeq);
    }
  }, [engine, here, conversationId, seenSeq, readSeq]);
};
