'use client';

import { LIMITS } from '@lockstep/protocol';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useEngine } from '@/lib/sync/index.ts';

interface Watch {
  add(userIds: readonly string[]): () => void;
}

const Context = createContext<Watch | null>(null);

/** Counts which people are on the screen and watches the presence of these, LIMITS.watchedPeople at most. */
export function PresenceProvider({ children }: { children: ReactNode }) {
  const engine = useEngine();
  const watch = useMemo<Watch>(() => {
    const counts = new Map<string, number>();
    let scheduled = false;
    const watchAll = () => {
      scheduled = false;
      engine.watchPresence([...counts.keys()].slice(-LIMITS.watchedPeople));
    };
    const changed = () => {
      if (scheduled) return;
      scheduled = true;
      setTimeout(watchAll, 100);
    };
    return {
      add(userIds) {
        for (const id of userIds) counts.set(id, (counts.get(id) ?? 0) + 1);
        changed();
        return () => {
          for (const id of userIds) {
            const left = (counts.get(id) ?? 1) - 1;
            if (left > 0) counts.set(id, left);
            else counts.delete(id);
          }
          changed();
        };
      },
    };
  }, [engine]);
  return <Context value={watch}>{children}</Context>;
}

/** Watches these people while the component is mounted. */
export const useWatchPresence = (userIds: readonly string[]): void => {
  const watch = useContext(Context);
  const key = userIds.join(' ');
  useEffect(() => (key ? watch?.add(key.split(' ')) : undefined), [watch, key]);
};
