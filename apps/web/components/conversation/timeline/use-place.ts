import { useEffect, useRef } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import type { Place } from './places.ts';

/** One stands at a place when one has not moved on for this long, in ms: a fling is not written down frame by frame. */
const REST_MS = 300;

/** Keeps where one is in a conversation, for the next time it is opened, on whichever device. */
export const usePlace = (conversationId: string, settled: boolean, place: Place): void => {
  const engine = useEngine();
  const kept = useRef<Place | undefined>(undefined);
  /** Writes down the place that waits for rest. */
  const pending = useRef(() => {});
  useEffect(() => {
    if (!settled || place === 0 || kept.current === place) return;
    const before = engine.getState().inbox.get(conversationId)?.placeSeq ?? null;
    // Opening it is not moving in it.
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
  // Who leaves sooner than that has been there all the same.
  useEffect(() => {
    const leave = () => pending.current();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
};
