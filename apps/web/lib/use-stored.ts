'use client';

import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
};

const read = (key: string): string | null => {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null; // storage is forbidden: the choice lasts as long as the page
  }
};

/** A small choice of this browser, in step between its tabs; null on the server and until chosen. */
export const useStored = (key: string): [string | null, (value: string) => void] => {
  const value = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  const store = useCallback(
    (next: string) => {
      try {
        window.localStorage.setItem(key, next);
      } catch {}
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [value, store];
};
