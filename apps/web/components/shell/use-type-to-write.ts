'use client';

import { useEffect } from 'react';
import { isFocusByPointer, watchFocus } from '../../lib/focus-by-pointer.ts';
import { lastUsedComposer } from '../conversation/composers.ts';

const OPEN = '[role=dialog],[role=alertdialog],[role=menu],[role=listbox]';

/** Letters, digits and signs but `/`, which opens the search; also a key with which an input method begins a word. */
const writes = ({ key, keyCode }: KeyboardEvent): boolean =>
  key !== ' ' && key !== '/' && ([...key].length === 1 || key === 'Process' || keyCode === 229);

/**
 * Typing after a click outside the composer continues writing: the key first moves the focus to the composer, with
 * several to that of the conversation used last. Not where a field, or something that is open above the page, has the
 * keys, nor where the keyboard has brought one.
 */
export const useTypeToWrite = (): void => {
  useEffect(() => {
    const unwatch = watchFocus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey !== event.altKey || event.metaKey || !writes(event)) return;
      const { activeElement: active } = document;
      const nowhere = active === null || active === document.body || active.id === 'main';
      if (!nowhere && !isFocusByPointer()) return;
      if (active?.matches('input, textarea, select, [contenteditable]') || document.querySelector(OPEN))
        return;
      const composer = lastUsedComposer();
      if (!composer) return;
      composer.focus();
      // The key writes where the focus is now; what had it before must not act on it.
      event.stopPropagation();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      unwatch();
      window.removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, []);
};
