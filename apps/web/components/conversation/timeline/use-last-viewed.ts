import { useEffect, useRef } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import type { ViewPosition } from './view-positions.ts';

/** How long the view must rest before the position is stored, in ms, so that a fling is not stored frame by frame. */
const REST_MS = 300;

/** Stores the last viewed message of a conversation, where it opens the next time on any device. */
export const useLastViewed = (conversationId: string, settled: boolean, position: ViewPosition): void => {
  const engine = useEngine();
  const kept = useRef<ViewPosition | undefined>(undefined);
  /** Stores the position that is waiting for rest. */
  const pending = useRef(() => {});
  useEffect(() => {
    if (!settled || position === 0 || kept.current === position) return;
    const before = engine.getState().inbox.get(conversationId)?.placeSeq ?? null;
    // Opening alone does not change the position.
    const first = kept.current === undefined;
    kept.current = position;
    if (first && before === position) return;
    pending.current = () => {
      pending.current = () => {};
      engine.setLastViewed(conversationId, position);
    };
    const timer = setTimeout(() => pending.current(), REST_MS);
    return () => clearTimeout(timer);
  }, [engine, conversationId, settled, position]);
  // Store it also when the reader leaves earlier.
  useEffect(() => {
    const leave = () => pending.current();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
};
