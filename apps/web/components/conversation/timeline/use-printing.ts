import { useSyncExternalStore } from 'react';

let printing = false;

const subscribe = (listener: () => void) => {
  const set = (value: boolean) => () => {
    printing = value;
    listener();
  };
  const media = window.matchMedia('print');
  const changed = () => set(media.matches)();
  const [before, after] = [set(true), set(false)];
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  media.addEventListener('change', changed);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
    media.removeEventListener('change', changed);
  };
};

/** Whether the page is being printed. */
export const usePrinting = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );
