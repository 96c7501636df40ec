import { hasText, type Message } from '@lockstep/protocol';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type KeptEdit, KeptEdits } from '@/lib/kept-edits.ts';
import { useEngine, useMe } from '@/lib/sync/index.ts';
import { EMPTY, type MarkedText, toShown, toStored } from './mention-text.ts';

export interface EditedText {
  shown: MarkedText;
  change(next: MarkedText): void;
  /** The text was changed, so leaving asks for confirmation. */
  isChanged: boolean;
  /** The current text of the message if another device has edited it; otherwise null. */
  newerText: string | null;
  /** The `editedAt` that the edit is based on. */
  baseEditedAt: number | null;
  /** Goes on from the text of the other device: with that text, or over it with one's own. */
  resolve(how: 'take' | 'keep'): void;
  /** Saved or given up. */
  done(): void;
}

/** The text of the message that is being edited: kept on this device like a draft, until it is saved or given up. */
export const useEditedText = (conversationId: string, message: Message | null): EditedText => {
  const engine = useEngine();
  const me = useMe();
  const kept = useMemo(() => new KeptEdits(me.id, conversationId), [me.id, conversationId]);
  const nameOf = useCallback((id: string) => engine.getState().people.get(id)?.name, [engine]);
  const [now, setNow] = useState<{ seq: number | null; shown: MarkedText; base: KeptEdit['base'] }>({
    seq: null,
    shown: EMPTY,
    base: { body: '', editedAt: null },
  });

  if ((message?.seq ?? null) !== now.seq) {
    const held = message && kept.get(message.seq);
    setNow({
      seq: message?.seq ?? null,
      shown: toShown(held?.text ?? message?.body ?? '', nameOf),
      base: held?.base ?? { body: message?.body ?? '', editedAt: message?.editedAt ?? null },
    });
  }
  const { shown, base } = now;
  const stored = toStored(shown);
  const isChanged = message !== null && stored !== base.body;
  useEffect(() => {
    if (now.seq === null || message?.seq !== now.seq) return;
    if (stored === base.body) kept.drop(now.seq);
    else kept.keep({ seq: now.seq, text: stored, base, at: Date.now() });
  }, [kept, now.seq, message?.seq, stored, base]);

  // What is written on top of is still there where it is one's own edit that has arrived meanwhile.
  const isSame = message?.body === base.body;
  const isSuperseded = message !== null && hasText(message) && !isSame && message.editedAt !== base.editedAt;
  return {
    shown,
    isChanged,
    // The same text from another device, or from here by an answer that was lost, is no conflict.
    newerText: isSuperseded && message.body !== stored ? message.body : null,
    baseEditedAt: isSame ? message.editedAt : base.editedAt,
    change: (next) => setNow((was) => ({ ...was, shown: next })),
    resolve: (how) =>
      setNow((was) => ({
        ...was,
        base: { body: message?.body ?? '', editedAt: message?.editedAt ?? null },
        shown: how === 'take' ? toShown(message?.body ?? '', nameOf) : was.shown,
      })),
    done: () => {
      if (message) kept.drop(message.seq);
    },
  };
};
