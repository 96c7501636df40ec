import { useEffect, useState } from 'react';
import { useEngine } from '@/lib/sync/index.ts';

/** Whether the page is in front of the reader: the tab is shown and its window has the focus. */
const useAttention = (): boolean => {
  const [here, setHere] = useState(false);
  useEffect(() => {
    const look = () => setHere(document.visibilityState === 'visible' && document.hasFocus());
    look();
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return here;
};

/** Moves the read position to the newest message that has been on the screen while the reader was there (rule 7). */
export const useReadPosition = (
  conversationId: string,
  seenSeq: number,
  readSeq: number,
  unread: boolean,
): void => {
  const engine = useEngine();
  const here = useAttention();
  useEffect(() => {
    if (here && (seenSeq > readSeq || (unread && seenSeq === readSeq && seenSeq > 0))) {
      engine.markRead(conversationId, seenSeq);
    }
  }, [engine, here, conversationId, seenSeq, readSeq, unread]);
};
