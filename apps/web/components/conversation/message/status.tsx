'use client';

import type { Message } from '@lockstep/protocol';
import type { MessageChange } from '@lockstep/sync';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useReadable } from '@/components/people/mention-names.ts';
import { SendingIcon } from '@/components/ui/sending-icon.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { canEdit, useConversationTools } from '../context.tsx';
import type { Unsent } from '../timeline/rows.ts';

/** In the column at the right, which is always there, so that nothing moves when it goes. */
export const StatusIcon = ({ state }: { state: Unsent['state'] }) => {
  const t = useTranslations('conversation.message');
  if (state === 'failed') {
    return <CircleAlert aria-hidden className="size-4 text-danger-ink" />;
  }
  return (
    <span title={t('sending')}>
      <SendingIcon />
    </span>
  );
};

const BUTTON = 'rounded-sm font-medium underline-offset-2 hover:underline max-md:min-h-11 max-md:px-2';

interface NoteProps {
  /** What was not done. */
  what: string;
  error: string | null;
  /** The text that would be lost. */
  text?: string;
  children: ReactNode;
}

/** Why something was not done, and what can be done about it. */
const Note = ({ what, error, text, children }: NoteProps) => {
  const errors = useTranslations('errors');
  const reason = error && errors.has(error as 'internal') ? errors(error as 'internal') : '';
  return (
    <div role="alert" className="mt-0.5 text-danger-ink text-sm">
      {text !== undefined && (
        <p
          dir="auto"
          className="my-1 line-clamp-4 whitespace-pre-line border-line-strong border-l-2 pl-3 text-ink-muted [overflow-wrap:anywhere]"
        >
          {text}
        </p>
      )}
      <p className="flex flex-wrap items-center gap-x-3">
        <span>
          {what} {reason}
        </span>
        <span className="flex gap-3 max-md:-ml-2">{children}</span>
      </p>
    </div>
  );
};

/** A message that was not sent. */
export const FailedNote = ({ unsent }: { unsent: Unsent }) => {
  const t = useTranslations('conversation.message');
  const { actions } = useConversationTools();
  return (
    <Note what={t('failed')} error={unsent.error}>
      <button
        type="button"
        className={`${BUTTON} text-accent-ink`}
        onClick={() => actions.retry(unsent.clientId)}
      >
        {t('tryAgain')}
      </button>
      <button
        type="button"
        className={`${BUTTON} text-ink-muted`}
        onClick={() => actions.discard(unsent.clientId)}
      >
        {t('delete')}
      </button>
    </Note>
  );
};

/** An edit, with its text, or a recall that was refused. */
export const RefusedNote = ({ message, change }: { message: Message; change: MessageChange }) => {
  const t = useTranslations('conversation.message');
  const { meId, actions } = useConversationTools();
  const body = change.name === 'edit' ? change.args.body : undefined;
  const text = useReadable(body ?? '');
  const isEdit = change.name === 'edit';
  return (
    <Note
      what={t(isEdit ? 'editFailed' : 'recallFailed')}
      error={change.error}
      {...(body === undefined ? {} : { text })}
    >
      {(!isEdit || canEdit(message, meId)) && (
        <button
          type="button"
          className={`${BUTTON} text-accent-ink`}
          onClick={() => (isEdit ? actions.edit(message) : actions.retry(change.id))}
        >
          {t('tryAgain')}
        </button>
      )}
      {body !== undefined && (
        <button type="button" className={`${BUTTON} text-ink-muted`} onClick={() => actions.copy(body)}>
          {t('copy')}
        </button>
      )}
      <button type="button" className={`${BUTTON} text-ink-muted`} onClick={() => actions.discard(change.id)}>
        {t('discardChange')}
      </button>
    </Note>
  );
};
