import { type RefObject, useCallback, useLayoutEffect } from 'react';
import type { Field, Replacement } from './field.ts';

interface FieldTools {
  /** Applies a change of format and keeps it in the browser's undo history. */
  apply(change: (field: Field) => Replacement): void;
  insert(text: string): void;
  focusEnd(): void;
}

/** Changes to a text field from buttons and keys. */
export const useField = (ref: RefObject<HTMLTextAreaElement | null>): FieldTools => {
  const apply = useCallback(
    (change: (field: Field) => Replacement) => {
      const element = ref.current;
      if (!element) return;
      element.focus();
      const { value: text, selectionStart: start, selectionEnd: end } = element;
      const { from, to, insert, ...selection } = change({ text, start, end });
      element.setSelectionRange(from, to);
      // Deprecated, and the only way for which browsers keep "undo"; setRangeText is the fallback.
      const done =
        insert === '' ? document.execCommand('delete') : document.execCommand('insertText', false, insert);
      if (!done) {
        element.setRangeText(insert, from, to);
        element.dispatchEvent(new Event('input', { bubbles: true }));
      }
      element.setSelectionRange(selection.start, selection.end);
    },
    [ref],
  );
  const insert = useCallback(
    (text: string) =>
      apply(({ start, end }) => ({
        from: start,
        to: end,
        insert: text,
        start: start + text.length,
        end: start + text.length,
      })),
    [apply],
  );
  const focusEnd = useCallback(() => {
    const element = ref.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, [ref]);
  return { apply, insert, focusEnd };
};

/** Grows the field with its text where the browser cannot (`field-sizing: content`); CSS caps the height. */
export const useAutoGrow = (ref: RefObject<HTMLTextAreaElement | null>, text: string): void => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what the height depends on.
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [ref, text]);
};
