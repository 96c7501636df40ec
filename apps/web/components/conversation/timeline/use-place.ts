import { useEffect, useRef } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import type { Place } from './places.ts';

/** Keeps where one is in a conversation, for the next time it is opened, on whichever device. */
export const usePlace = (conversationId: string, settled: boolean, place: Place): void => {
  const engine = useEngine();
  const kept = useRef<Place | undefined>(undefined);
  useEffect(() => {
    if (!settled || place === 0 || kept.current === place) return;
    const before = engine.getState().inbox.get(conversationId)?.placeSeq ?? null;
    // Opening it is not moving in it.
    const first = kept.current === undefined;
    kept.current = place;
    if (!first || before !== place) engine.setPlace(conversationId, place);
  }, [engine, conversationId, settled, place]);
};
