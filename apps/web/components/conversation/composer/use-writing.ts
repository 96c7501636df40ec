import { charactersLeft, isRecalled, isVisible, LIMITS, type Message } from '@lockstep/protocol';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { hasCommand } from '@/lib/keyboard.ts';
import { useEngine } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';
import { enterSends, isInFence } from './enter.ts';
import { outgoing } from './format.ts';
import { FORMATS, formatOfKey } from './format-bar.tsx';
import {
  afterEdit,
  type Candidate,
  type Mark,
  type MarkedText,
  markBefore,
  toStored,
  withMark,
} from './mention-text.ts';
import { withNamedMentions } from './name-mentions.ts';
import { linkOver } from './paste.ts';
import { useCodeOffer } from './use-code-offer.ts';
import { useComposerDraft } from './use-composer-draft.ts';
import { useEditedText } from './use-edited-text.ts';
import { useEnterChoice } from './use-enter-choice.ts';
import { useAutoGrow, useField } from './use-field.ts';
import { useMentionMenu } from './use-mention-menu.ts';
import { knownMembers } from './use-mention-people.ts';

/** The characters left are counted from here on. */
const SHOW_LEFT_FROM = 500;

export interface WritingOptions {
  /** The message whose text is being changed, as it is now. */
  editing: Message | null;
  onEditLast: () => void;
  onEditEnd: () => void;
  /** Resolves to whether it was stored; the text stays where not. */
  onSave: (message: Message, body: string, baseEditedAt: number | null) => Promise<boolean>;
}

/** The behaviour of the composer field: draft or edited text, mentions, keys, paste, and sending. */
export const useWriting = ({ editing, onEditLast, onEditEnd, onSave }: WritingOptions) => {
  const engine = useEngine();
  const { entry, meId } = useConversation();
  const { id: conversationId } = entry.conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const { apply, insert, focusEnd } = useField(field);
  const draft = useComposerDraft(conversationId, field, composing);
  const edit = useEditedText(conversationId, editing);
  const enter = useEnterChoice();
  const [leaving, setLeaving] = useState(false);
  const [saving, setSaving] = useState(false);

  const shown = editing ? edit.shown : draft.shown;
  const latest = useRef(shown);
  latest.current = shown;
  const { text } = shown;
  const members = (): Candidate[] => {
    const known = knownMembers(conversationId);
    const peer = entry.peerId ? engine.getState().people.get(entry.peerId) : undefined;
    return (known.length > 0 || !peer ? known : [peer])
      .filter(({ id }) => id !== meId)
      .map(({ id, name }) => ({ id, name, member: true }));
  };
  const bodyOf = (what: MarkedText) => outgoing(toStored(withNamedMentions(what, members())));
  const body = outgoing(toStored(shown));
  const left = useMemo(
    () => (body.length > LIMITS.messageText - SHOW_LEFT_FROM ? charactersLeft(body) : LIMITS.messageText),
    [body],
  );
  const visible = isVisible(body);
  const ready = visible && left >= 0 && !saving;
  useAutoGrow(field, text);
  const code = useCodeOffer(text, apply);

  // On a phone the keyboard would cover the messages.
  useEffect(() => {
    if (window.matchMedia('(hover: hover) and (pointer: fine)').matches) focusEnd();
  }, [focusEnd]);

  const editingSeq = editing?.seq ?? null;
  useEffect(() => {
    if (editingSeq !== null) focusEnd();
  }, [editingSeq, focusEnd]);
  // Recalled by another device: what was changed goes on as a draft.
  const isGone = editing !== null && isRecalled(editing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the recall ends it.
  useEffect(() => {
    if (!isGone) return;
    if (edit.isChanged && draft.shown.text === '') draft.change(edit.shown);
    endEdit();
  }, [isGone]);
  const endEdit = () => {
    edit.done();
    onEditEnd();
  };
  const discardEdit = async () => {
    endEdit();
    return true;
  };
  const leaveEdit = () => {
    if (edit.isChanged) setLeaving(true);
    else endEdit();
  };

  /** A mention that is being put in: its text arrives with the next change of the field. */
  const picked = useRef<Mark | null>(null);
  const menu = useMentionMenu(field, (person, from, to) => {
    const name = `@${person.name}`;
    endComposition();
    picked.current = { start: from, end: from + name.length, userId: person.id };
    engine.needPeople([person.id]);
    const end = from + name.length + 1;
    apply(() => ({ from, to, insert: `${name} `, start: end, end }));
  });

  const change = (value: string, caret: number) => {
    let next = afterEdit(latest.current, value, caret);
    if (picked.current) next = withMark(next, picked.current);
    picked.current = null;
    latest.current = next;
    if (editing) edit.change(next);
    else {
      draft.change(next);
      if (value.trim() !== '') engine.typing(conversationId);
    }
    menu.update(next);
  };
  const onCompositionEnd = () => {
    composing.current = false;
    if (!editing) draft.change(latest.current);
    menu.update(latest.current);
  };

  /** A button was pressed while an input method composes: the word is taken as it stands. */
  const endComposition = () => {
    if (!composing.current) return;
    field.current?.blur();
    if (composing.current) onCompositionEnd();
    field.current?.focus();
  };

  const submit = async () => {
    endComposition();
    const body = bodyOf(latest.current);
    if (saving || !isVisible(body) || charactersLeft(body) < 0) return;
    menu.close();
    if (!editing) {
      engine.send(conversationId, { body });
      draft.sent();
      return;
    }
    setSaving(true);
    const stored = body === editing.body || (await onSave(editing, body, edit.baseEditedAt));
    setSaving(false);
    if (stored) endEdit();
    field.current?.focus();
  };

  /** An address over selected words becomes a link; undo leaves the address. */
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text/plain');
    const { value: text, selectionStart: start, selectionEnd: end } = event.currentTarget;
    const link = linkOver({ text, start, end }, pasted);
    if (link === null) return code.onPasted({ text, start, end }, pasted);
    event.preventDefault();
    insert(pasted);
    const caret = start + link.length;
    apply(() => ({ from: start, to: start + pasted.length, insert: link, start: caret, end: caret }));
  };

  /** Backspace right after a mention takes all of it. */
  const acceptMention = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const { selectionStart: start, selectionEnd: caret } = event.currentTarget;
    if (event.key !== 'Backspace' || start !== caret || event.ctrlKey || event.metaKey) return false;
    const mark = markBefore(latest.current, caret);
    if (!mark) return false;
    apply(() => ({ from: mark.start, to: mark.end, insert: '', start: mark.start, end: mark.start }));
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composing.current) return;
    if (menu.onKeyDown(event)) return;
    const format = formatOfKey(event);
    if (format) {
      event.preventDefault();
      apply(FORMATS[format]);
    } else if (event.key === 'Enter' && enterSends(keysOf(event), { ...enter, inFence: inFence(event) })) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' && editing) {
      event.preventDefault();
      leaveEdit();
    } else if (event.key === 'ArrowUp' && text === '' && !editing && !event.shiftKey) {
      event.preventDefault();
      onEditLast();
    } else if (acceptMention(event)) event.preventDefault();
  };

  return {
    ...{ field, text, apply, insert, focusEnd, menu, edit, enter, ready, saving, submit },
    /** How many characters are left, as people count them; below zero: too many. */
    left,
    /** As it would be sent. */
    body,
    code,
    showsLeft: left <= SHOW_LEFT_FROM,
    /** There is a text, and nothing of it can be seen. */
    isHidden: !visible && body.trim() !== '',
    /** Another device wrote at the same time, and both texts are kept. */
    conflict: draft.conflict && !editing,
    leave: { asking: leaving, ask: leaveEdit, setAsking: setLeaving, confirm: discardEdit },
    fieldProps: {
      value: text,
      onChange: ({ target }: { target: HTMLTextAreaElement }) => change(target.value, target.selectionEnd),
      onSelect: () => menu.update(latest.current),
      onPaste,
      onCompositionStart: () => {
        composing.current = true;
      },
      onCompositionEnd,
      onKeyDown,
      onBlur: menu.close,
    },
  };
};

const keysOf = (event: KeyboardEvent) => ({
  shiftKey: event.shiftKey,
  altKey: event.altKey,
  command: hasCommand(event),
});

const inFence = ({ currentTarget: { value, selectionEnd } }: KeyboardEvent<HTMLTextAreaElement>) =>
  isInFence(value, selectionEnd);
