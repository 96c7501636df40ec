import { useEffect, useRef } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import type { Place } from './places.ts';

/** How long the view must rest before the position is stored, in ms, so that a fling is not stored frame by frame. */
const REST_MS = 300;

/** Stores the last viewed message of a conversation, where it opens the next time on any device. */
export const usePlace = (conversationId: string, settled: boolean, place: Place): void => {
  const engine = useEngine();
  const kept = useRef<Place | undefined>(undefined);
  /** Stores the position that is waiting for rest. */
  const pending = useRef(() => {});
  useEffect(() => {
    if (!settled || place === 0 || kept.current === place) return;
    const before = engine.getState().inbox.get(conversationId)?.placeSeq ?? null;
    // Opening alone does not change the position.
    const first = kept.current === undefined;
    kept.current = place;
    if (first && before === place) return;
    pending.current = () => {
      pending.current = () => {};
      engine.setPlace(conversationId, place);
    };
    const timer = setTimeout(() => pending.current(), REST_MS);
    return () => clearTimeout(timer);
  }, [engine, conversationId, settled, place]);
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
