'use client';

import { isComposing } from '@/lib/keyboard.ts';

/**
 * Keys that an input method takes while somebody composes a word in a field go to nothing else: Enter chooses the word
 * and saves nothing, Escape leaves the dialog open. So no field has to ask. Outside of a field such a key begins a word.
 */
const keepToField = (event: KeyboardEvent): void => {
  const inField =
    event.target instanceof Element && event.target.matches('input, textarea, [contenteditable]');
  if (inField && isComposing(event)) event.stopImmediatePropagation();
};

// With the module, so that it comes before every other listener, such as those of effects.
if (typeof window !== 'undefined') window.addEventListener('keydown', keepToField, { capture: true });

/** Stands in the layout, which loads this with every page. */
export const InputMethods = () => null;
