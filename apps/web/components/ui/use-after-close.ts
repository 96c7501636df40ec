import { useCallback, useRef } from 'react';
import { returnFocus } from './return-focus.ts';

/**
 * For a menu that gives the focus back to `opener`, and has items that open something which wants it: these run once the
 * focus is back, or the closing of the menu would take it from what has just been opened.
 */
export const useAfterClose = (opener: () => HTMLElement | null) => {
  const waiting = useRef<(() => void) | null>(null);
  const afterClose = useCallback((run: () => void) => {
    waiting.current = run;
  }, []);
  const onCloseAutoFocus = (event: Event) => {
    event.preventDefault();
    returnFocus(opener());
    const run = waiting.current;
    waiting.current = null;
    run?.();
  };
  return { afterClose, onCloseAutoFocus };
};
