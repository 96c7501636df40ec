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
import { draftOf, keepDraft } from './drafts.ts';
import { EmojiButton } from './emoji-button.tsx';
import { outgoing } from './format.ts';
import { FORMATS, FormatBar, formatOfKey } from './format-bar.tsx';
import { TypingLine } from './typing-line.tsx';
import { useAutoGrow, useField } from './use-field.ts';

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
  const { apply, insert, focusEnd } = useField(field);
  const [draft, setDraft] = useState(() => draftOf(conversationId));
  const [edit, setEdit] = useState('');
  const [saving, setSaving] = useState(false);
  const [formats, setFormats] = useState(false);
  const messageId = useId();

  const text = editing ? edit : draft;
  const body = outgoing(text);
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
    setEdit(editing?.body ?? '');
  }
  useEffect(() => {
    if (editing) focusEnd();
  }, [editing, focusEnd]);

  const typedAt = useRef(0);
  const change = (value: string) => {
    if (editing) return setEdit(value);
    setDraft(value);
    keepDraft(conversationId, value);
    const now = Date.now();
    if (value.trim() !== '' && now - typedAt.current > TYPING_EVERY) {
      typedAt.current = now;
      engine.typing(conversationId);
    }
  };

  const submit = async () => {
    if (!ready) return;
    if (!editing) {
      engine.send(conversationId, body);
      setDraft('');
      keepDraft(conversationId, '');
      typedAt.current = 0;
      return;
    }
    setSaving(true);
    const stored = body === editing.body || (await onSave(editing, body));
    setSaving(false);
    if (stored) onEditEnd();
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter that ends a composition (Chinese, Japanese, Korean) chooses a word; Safari says so only by the key code.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
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
    }
  };

  const notes = kind === 'direct' && entry.peerId === meId;
  const placeholder = notes
    ? t('placeholderNotes')
    : kind === 'channel'
      ? t('placeholderChannel', { title })
      : t('placeholder', { title });

  return (
    <div className="shrink-0 px-3 pb-safe md:px-5">
      <div className="rounded-lg border border-line-strong bg-raised transition-[border-color,box-shadow] focus-within:border-accent-ink focus-within:shadow-[0_0_0_1px_var(--accent-ink)]">
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
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          rows={1}
          dir="auto"
          placeholder={placeholder}
          aria-label={t('label')}
          aria-describedby={messageId}
          aria-invalid={left < 0}
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
        <p className="shrink-0 text-ink-subtle text-xs max-lg:hidden">
          {text !== '' &&
            !editing &&
            t.rich('hint', { k: (chunks) => <b className="font-medium">{chunks}</b> })}
        </p>
      </div>
    </div>
  );
};
