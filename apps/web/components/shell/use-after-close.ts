import { useCallback, useRef } from 'react';

/**
 * For items of a menu that open something which wants the focus: run once the menu has given the focus back, or its
 * closing would take the focus from what has just been opened.
 */
export const useAfterClose = () => {
  const waiting = useRef<(() => void) | null>(null);
  const afterClose = useCallback((run: () => void) => {
    waiting.current = run;
  }, []);
  const onCloseAutoFocus = useCallback(() => {
    const run = waiting.current;
    waiting.current = null;
    run?.();
  }, []);
  return { afterClose, onCloseAutoFocus };
};
