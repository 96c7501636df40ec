import { useSyncExternalStore } from 'react';
import { dayOf } from '@/lib/time.ts';
import { watchTimeZone } from '@/lib/time-zone.ts';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let unwatch = () => {};

const wait = () => {
  clearTimeout(timer);
  const tomorrow = dayOf(dayOf(Date.now()) + 36 * 3_600_000);
  timer = setTimeout(
    () => {
      for (const listener of listeners) listener();
      wait();
    },
    tomorrow - Date.now() + 500,
  );
};

const subscribe = (listener: () => void) => {
  if (listeners.size === 0) {
    wait();
    // In another zone midnight is at another time.
    unwatch = watchTimeZone(wait);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    unwatch();
  };
};

/** Midnight of today by the reader's clock; "Today" becomes "Yesterday" without a reload. */
export const useToday = (): number =>
  useSyncExternalStore(
    subscribe,
    () => dayOf(Date.now()),
    () => 0,
  );
