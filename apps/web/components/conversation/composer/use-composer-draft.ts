'use client';

import { mergeDrafts } from '@lockstep/sync/pending/merge-drafts';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { sameElements, useEngine, useSync } from '@/lib/sync/index.ts';
import { EMPTY, type MarkedText, toShown, toStored } from './mention-text.ts';
import { caretAfter } from './merge-draft.ts';

const UNKNOWN = '@…';

interface ComposerDraft {
  shown: MarkedText;
  /** What was typed; with an input method at work it is given to the engine by the call after the word is done. */
  change(next: MarkedText): void;
  /** It has been sent: the engine has cleared it in the same step. */
  sent(): void;
  /** Another device wrote at the same time, and both texts are kept. */
  conflict: boolean;
}

/**
 * The draft of a conversation. The engine has the current text, also from other devices; the composer adopts changes
 * it did not make itself, but never while an input method is composing a word.
 */
export const useComposerDraft = (
  conversationId: string,
  field: RefObject<HTMLTextAreaElement | null>,
  composing: RefObject<boolean>,
): ComposerDraft => {
  const engine = useEngine();
  const draft = useSync((state) => state.drafts.get(conversationId));
  const show = useCallback(
    (stored: string) => toShown(stored, (id) => engine.getState().people.get(id)?.name),
    [engine],
  );
  const [shown, setShown] = useState(() => show(draft?.text ?? ''));
  /** What the engine and the composer have agreed on, in the stored form. */
  const agreed = useRef(draft?.text ?? '');
  const now = useRef(shown);
  now.current = shown;
  const caret = useRef<number | null>(null);

  const put = useCallback((next: MarkedText) => {
    now.current = next;
    setShown(next);
  }, []);
  const give = useCallback(
    (next: MarkedText) => {
      agreed.current = toStored(next);
      engine.setDraft(conversationId, agreed.current);
    },
    [engine, conversationId],
  );

  const heldText = useCallback(
    () => engine.getState().drafts.get(conversationId)?.text ?? '',
    [engine, conversationId],
  );
  const takeOver = useCallback(() => {
    const incoming = heldText();
    if (incoming === agreed.current || composing.current) return;
    const own = toStored(now.current);
    // Typed with an input method on top of a text that was replaced meanwhile.
    const unsaid = own !== agreed.current;
    const text = unsaid ? mergeDrafts(agreed.current, incoming, own) : incoming;
    const next = show(text);
    const element = field.current;
    if (element && element === document.activeElement)
      caret.current = caretAfter(now.current.text, next.text, element.selectionEnd);
    agreed.current = incoming;
    put(next);
    if (unsaid && text !== incoming) give(next);
  }, [heldText, composing, field, show, put, give]);

  const incoming = draft?.text ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is what it looks at.
  useEffect(takeOver, [takeOver, incoming]);

  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  // Names that were not known when the text was shown.
  const names = useSync(
    (state) => shown.marks.map(({ userId }) => state.people.get(userId)?.name),
    sameElements,
  );
  useEffect(() => {
    const unknown = now.current.marks.filter(
      ({ start, end }) => now.current.text.slice(start, end) === UNKNOWN,
    );
    if (unknown.length === 0) return;
    engine.needPeople(unknown.map(({ userId }) => userId));
    if (names.some((name) => name !== undefined) && !composing.current) put(show(toStored(now.current)));
  }, [names, engine, composing, put, show]);

  const [conflict, setConflict] = useState(false);
  if (draft?.conflict && !conflict) setConflict(true);

  return {
    shown,
    change(next) {
      put(next);
      if (composing.current) return;
      // Another device's text may have come since the last look: then both are kept.
      if (heldText() === agreed.current) give(next);
      else takeOver();
    },
    sent() {
      agreed.current = '';
      setConflict(false);
      put(EMPTY);
    },
    conflict: conflict && shown.text !== '',
  };
};
