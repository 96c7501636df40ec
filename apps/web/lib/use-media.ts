'use client';

import { useCallback, useSyncExternalStore } from 'react';

interface MediaStore {
  subscribe(listener: () => void): () => void;
  matches(): boolean;
}

const stores = new Map<string, MediaStore>();

/** Asking a media query makes the browser lay out the page, so it is asked once, and listened to. */
const makeStore = (query: string): MediaStore => {
  const media = window.matchMedia(query);
  const listeners = new Set<() => void>();
  let matches = media.matches;
  media.addEventListener('change', (event) => {
    matches = event.matches;
    for (const listener of [...listeners]) listener();
  });
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    matches: () => matches,
  };
};

const storeOf = (query: string): MediaStore => {
  const store = stores.get(query) ?? makeStore(query);
  stores.set(query, store);
  return store;
};

/** Whether a media query matches; false on the server. */
export const useMedia = (query: string): boolean => {
  const subscribe = useCallback((listener: () => void) => storeOf(query).subscribe(listener), [query]);
  return useSyncExternalStore(
    subscribe,
    () => storeOf(query).matches(),
    () => false,
  );
};
