'use client';

import { LIMITS, traitsOf } from '@lockstep/protocol';
import { ArrowUp, CaseSensitive, Check } from 'lucide-react';
import { type Ref, useEffect, useId, useImperativeHandle, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { ConfirmDialog } from '@/components/ui/confirm-dialog.tsx';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { commandName } from '@/lib/keyboard.ts';
import { addComposer } from '../composers.ts';
import { useConversation } from '../context.tsx';
import { CodeOffer } from './code-offer.tsx';
import { DraftView } from './draft-view.tsx';
import { EditStrip } from './edit-strip.tsx';
import { EmojiButton } from './emoji-button.tsx';
import { enterSends } from './enter.ts';
import { FormatBar } from './format-bar.tsx';
import { MentionList } from './mention-list.tsx';
import { TypingLine } from './typing-line.tsx';
import { useWriting, type WritingOptions } from './use-writing.ts';

export interface ComposerHandle {
  focus(): void;
}

interface ComposerProps extends WritingOptions {
  ref: Ref<ComposerHandle>;
}

/** Where messages are written. Works offline: what is sent waits in the engine's outbox. */
export const Composer = ({ ref, ...options }: ComposerProps) => {
  const t = useTranslations('conversation.composer');
  const { entry, meId, title, view } = useConversation();
  const { id: conversationId, kind } = entry.conversation;
  const writing = useWriting(options);
  const { field, text, apply, insert, focusEnd, menu, edit, enter, ready, saving, submit, left } = writing;
  const { editing } = options;
  const [formats, setFormats] = useState(false);
  const messageId = useId();
  useImperativeHandle(ref, () => ({ focus: focusEnd }), [focusEnd]);
  useEffect(() => {
    if (view.current && field.current) return addComposer(view.current, field.current);
  }, [view, field]);

  const notes = traitsOf(kind).hasPeer && entry.peerId === meId;
  const placeholder = notes
    ? t('placeholderNotes')
    : traitsOf(kind).hasHashSign
      ? t('placeholderChannel', { title })
      : t('placeholder', { title });

  return (
    <div className="shrink-0 px-3 pb-safe md:px-5 print:hidden">
      <div className="relative rounded-lg border border-line-strong bg-raised transition-[border-color,box-shadow] focus-within:border-accent-ink focus-within:shadow-[0_0_0_1px_var(--accent-ink)]">
        <MentionList menu={menu} />
        {editing && <EditStrip edit={edit} onLeave={writing.leave.ask} />}
        <textarea
          ref={field}
          {...writing.fieldProps}
          rows={1}
          dir="auto"
          placeholder={placeholder}
          aria-label={t('label')}
          aria-describedby={messageId}
          aria-invalid={left < 0}
          aria-autocomplete="list"
          aria-controls={menu.people.length > 0 ? menu.listId : undefined}
          aria-activedescendant={menu.people.length > 0 ? menu.optionId(menu.index) : undefined}
          enterKeyHint={enterSends(PLAIN, { ...enter, inFence: false }) ? 'send' : 'enter'}
          autoCapitalize="sentences"
          data-testid="composer"
          data-kept=""
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
            {left < 0
              ? t('tooLong', { count: -left, max: LIMITS.messageText })
              : writing.showsLeft
                ? t('left', { count: left })
                : writing.isHidden
                  ? t('invisible')
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
      {writing.code.isOffered && (
        <CodeOffer onAccept={writing.code.accept} onDismiss={writing.code.dismiss} />
      )}
      <DraftView body={writing.body} />
      <div className="flex h-6 items-center gap-3 px-1 short:h-1 short:overflow-hidden">
        <TypingLine conversationId={conversationId} meId={meId} />
        {writing.conflict && (
          <p role="status" data-testid="draft-conflict" className="shrink-0 text-warning-ink text-xs">
            {t('conflict')}
          </p>
        )}
        <p className="shrink-0 text-ink-subtle text-xs max-lg:hidden">
          {text !== '' &&
            !editing &&
            !writing.conflict &&
            t.rich(enter.choice === 'line' ? 'hintLine' : 'hint', {
              command: commandName().trim(),
              k: (chunks) => <b className="font-medium">{chunks}</b>,
            })}
        </p>
      </div>
      <ConfirmDialog
        open={writing.leave.asking}
        onOpenChange={writing.leave.setAsking}
        title={t('leaveEdit')}
        description={t('leaveEditText')}
        confirmLabel={t('leaveEditConfirm')}
        danger
        onConfirm={writing.leave.confirm}
      />
    </div>
  );
};

const PLAIN = { shiftKey: false, altKey: false, command: false };
