'use client';

import { codePoints, LIMITS, type Message } from '@lockstep/protocol';
import { ArrowUp, CaseSensitive, Check, Pencil, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { cn } from '@/lib/cn.ts';
import { useEngine } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';
import { EmojiButton } from './emoji-button.tsx';
import { outgoing } from './format.ts';
import { FORMATS, FormatBar, formatOfKey } from './format-bar.tsx';
import { MentionList } from './mention-list.tsx';
import {
  afterEdit,
  EMPTY,
  type Mark,
  type MarkedText,
  markBefore,
  toShown,
  toStored,
  withMark,
} from './mention-text.ts';
import { TypingLine } from './typing-line.tsx';
import { useComposerDraft } from './use-composer-draft.ts';
import { useAutoGrow, useField } from './use-field.ts';
import { useMentionMenu } from './use-mention-menu.ts';

/** The characters left are told from here on. */
const TELL_LEFT = 500;
/** "I am typing" goes out at most this often, in milliseconds. */
const TYPING_EVERY = 3_000;

export interface ComposerHandle {
  focus(): void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  /** The message whose text is being changed. */
  editing: Message | null;
  onEditLast: () => void;
  onEditEnd: () => void;
  /** Resolves to whether it was stored; the text stays where not. */
  onSave: (message: Message, body: string) => Promise<boolean>;
}

/** Where messages are written. Works offline: what is sent waits in the engine's outbox. */
export const Composer = ({ ref, editing, onEditLast, onEditEnd, onSave }: ComposerProps) => {
  const t = useTranslations('conversation.composer');
  const engine = useEngine();
  const { entry, meId, title } = useConversation();
  const { id: conversationId, kind } = entry.conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const { apply, insert, focusEnd } = useField(field);
  const draft = useComposerDraft(conversationId, field, composing);
  const [edit, setEdit] = useState<MarkedText>(EMPTY);
  const [saving, setSaving] = useState(false);
  const [formats, setFormats] = useState(false);
  const messageId = useId();

  const shown = editing ? edit : draft.shown;
  const latest = useRef(shown);
  latest.current = shown;
  const { text } = shown;
  const body = outgoing(toStored(shown));
  const count = body.length > LIMITS.messageText - TELL_LEFT ? codePoints(body) : 0;
  const left = LIMITS.messageText - count;
  const ready = body.trim() !== '' && left >= 0 && !saving;
  useAutoGrow(field, text);
  useImperativeHandle(ref, () => ({ focus: focusEnd }), [focusEnd]);

  // On a phone the keyboard would cover what one came to read.
  useEffect(() => {
    if (window.matchMedia('(hover: hover) and (pointer: fine)').matches) focusEnd();
  }, [focusEnd]);

  const [editingNow, setEditingNow] = useState<Message | null>(null);
  if (editing !== editingNow) {
    setEditingNow(editing);
    setEdit(toShown(editing?.body ?? '', (id) => engine.getState().people.get(id)?.name));
  }
  useEffect(() => {
    if (editing) focusEnd();
  }, [editing, focusEnd]);

  /** A mention that is being put in: its text arrives with the next change of the field. */
  const picked = useRef<Mark | null>(null);
  const menu = useMentionMenu(field, (person, from, to) => {
    const name = `@${person.name}`;
    picked.current = { start: from, end: from + name.length, userId: person.id };
    engine.needPeople([person.id]);
    const end = from + name.length + 1;
    apply(() => ({ from, to, insert: `${name} `, start: end, end }));
  });

  const typedAt = useRef(0);
  const tellTyping = (value: string) => {
    const now = Date.now();
    if (value.trim() === '' || now - typedAt.current <= TYPING_EVERY) return;
    typedAt.current = now;
    engine.typing(conversationId);
  };
  const change = (value: string, caret: number) => {
    let next = afterEdit(latest.current, value, caret);
    if (picked.current) next = withMark(next, picked.current);
    picked.current = null;
    latest.current = next;
    if (editing) setEdit(next);
    else {
      draft.change(next);
      tellTyping(value);
    }
    if (!composing.current) menu.look(next);
  };
  const onCompositionEnd = () => {
    composing.current = false;
    if (!editing) draft.change(latest.current);
    menu.look(latest.current);
  };

  const submit = async () => {
    if (!ready || composing.current) return;
    menu.close();
    if (!editing) {
      engine.send(conversationId, body);
      draft.sent();
      typedAt.current = 0;
      return;
    }
    setSaving(true);
    const stored = body === editing.body || (await onSave(editing, body));
    setSaving(false);
    if (stored) onEditEnd();
    field.current?.focus();
  };

  /** Backspace right after a mention takes all of it. */
  const takeMention = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const { selectionStart: start, selectionEnd: caret } = event.currentTarget;
    if (event.key !== 'Backspace' || start !== caret || event.ctrlKey || event.metaKey) return false;
    const mark = markBefore(latest.current, caret);
    if (!mark) return false;
    apply(() => ({ from: mark.start, to: mark.end, insert: '', start: mark.start, end: mark.start }));
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter that ends a composition (Chinese, Japanese, Korean) chooses a word; Safari says so only by the key code.
    if (event.nativeEvent.isComposing || composing.current || event.keyCode === 229) return;
    if (menu.onKeyDown(event)) return;
    const format = formatOfKey(event);
    if (format) {
      event.preventDefault();
      apply(FORMATS[format]);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' && editing) {
      event.preventDefault();
      onEditEnd();
    } else if (event.key === 'ArrowUp' && text === '' && !editing && !event.shiftKey) {
      event.preventDefault();
      onEditLast();
    } else if (takeMention(event)) event.preventDefault();
  };

  const notes = kind === 'direct' && entry.peerId === meId;
  const placeholder = notes
    ? t('placeholderNotes')
    : kind === 'channel'
      ? t('placeholderChannel', { title })
      : t('placeholder', { title });

  return (
    <div className="shrink-0 px-3 pb-safe md:px-5">
      <div className="relative rounded-lg border border-line-strong bg-raised transition-[border-color,box-shadow] focus-within:border-accent-ink focus-within:shadow-[0_0_0_1px_var(--accent-ink)]">
        <MentionList menu={menu} />
        {editing && (
          <div className="flex items-center gap-2 border-line border-b py-1 pr-1 pl-3 text-accent-ink text-sm">
            <Pencil aria-hidden className="size-3.5" />
            <span className="flex-1 font-medium">{t('editing')}</span>
            <IconButton label={t('cancelEdit')} shortcut="Esc" side="top" size="icon-sm" onClick={onEditEnd}>
              <X aria-hidden className="size-4" />
            </IconButton>
          </div>
        )}
        <textarea
          ref={field}
          value={text}
          onChange={(event) => change(event.target.value, event.target.selectionEnd)}
          onSelect={() => !composing.current && menu.look(latest.current)}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={onCompositionEnd}
          onKeyDown={onKeyDown}
          onBlur={menu.close}
          rows={1}
          dir="auto"
          placeholder={placeholder}
          aria-label={t('label')}
          aria-describedby={messageId}
          aria-invalid={left < 0}
          aria-autocomplete="list"
          aria-controls={menu.people.length > 0 ? menu.listId : undefined}
          aria-activedescendant={menu.people.length > 0 ? menu.optionId(menu.index) : undefined}
          enterKeyHint="send"
          autoCapitalize="sentences"
          data-testid="composer"
          className="block max-h-[40dvh] w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-md outline-none [field-sizing:content] placeholder:truncate max-md:text-[1rem]"
        />
        <div className="flex items-center gap-0.5 px-1 pb-1">
          <EmojiButton onPick={insert} />
          <IconButton
            label={t('showFormatting')}
            aria-pressed={formats}
            side="top"
            className="md:hidden"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => setFormats((shown) => !shown)}
          >
            <CaseSensitive aria-hidden className="size-5" />
          </IconButton>
          <div className="max-md:hidden">
            <FormatBar onFormat={apply} />
          </div>
          <span className="flex-1" />
          <span
            id={messageId}
            role="status"
            className={cn(
              'px-2 text-right text-xs tabular-nums',
              left < 0 ? 'font-medium text-danger-ink' : 'text-ink-subtle',
            )}
          >
            {count > 0 && left < 0
              ? t('tooLong', { count: -left, max: LIMITS.messageText })
              : count > 0 && left <= TELL_LEFT
                ? t('left', { count: left })
                : null}
          </span>
          <Button
            variant={ready ? 'primary' : 'ghost'}
            size="icon"
            disabled={!ready}
            busy={saving}
            aria-label={editing ? t('save') : t('send')}
            data-testid="send"
            // The keyboard of a phone stays open while one goes on writing.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => void submit()}
          >
            {editing ? (
              <Check aria-hidden className="size-4.5" />
            ) : (
              <ArrowUp aria-hidden className="size-4.5" strokeWidth={2.25} />
            )}
          </Button>
        </div>
        {formats && (
          <div className="scroll-quiet overflow-x-auto border-line border-t px-1 py-0.5 md:hidden">
            <FormatBar onFormat={apply} />
          </div>
        )}
      </div>
      <div className="flex h-6 items-center gap-3 px-1">
        <TypingLine conversationId={conversationId} meId={meId} />
        {draft.conflict && !editing && (
          <p role="status" data-testid="draft-conflict" className="shrink-0 text-warning-ink text-xs">
            {t('conflict')}
          </p>
        )}
        <p className="shrink-0 text-ink-subtle text-xs max-lg:hidden">
          {text !== '' &&
            !editing &&
            !draft.conflict &&
            t.rich('hint', { k: (chunks) => <b className="font-medium">{chunks}</b> })}
        </p>
      </div>
    </div>
  );
};
