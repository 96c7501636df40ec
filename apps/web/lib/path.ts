'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';

const watchers = new Set<() => void>();
const changed = () => {
  for (const watcher of watchers) watcher();
};

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  window.addEventListener('popstate', watcher);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener('popstate', watcher);
  };
};

/** Writes the address of this page, and shows what it names: before the next key is read. */
export const setPath = (
  path: string,
  how: 'push' | 'replace' = 'push',
  state: object | null = null,
): void => {
  if (how === 'replace') window.history.replaceState(state, '', path);
  else window.history.pushState(state, '', path);
  changed();
};

/**
 * The path of the address, from the moment that it changes. Next's own `usePathname` follows as a transition, later the
 * busier the page is: what is typed until then would reach what the reader has left.
 */
export const usePath = (): string => {
  const next = usePathname();
  const path = useSyncExternalStore(
    watch,
    () => window.location.pathname,
    () => next,
  );
  // Next writes the address of a fetched page after showing it, without an event.
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each path of Next
  useEffect(changed, [next]);
  return path;
};
