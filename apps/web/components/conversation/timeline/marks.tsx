'use client';

import { traitsOf } from '@lockstep/protocol';
import { Hash, NotebookPen } from 'lucide-react';
import { useLocale } from 'next-intl';
import { Avatar } from '@/components/ui/avatar.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { dateFormat } from '@/lib/date-format.ts';
import { dayLabel } from '@/lib/time.ts';
import { useConversation, useConversationTools } from '../context.tsx';
import { useToday } from './use-today.ts';

export const useDayLabel = (): ((day: number) => string) => {
  const t = useTranslations('conversation.day');
  const locale = useLocale();
  const today = useToday();
  return (day) => dayLabel(locale, day, today, { today: t('today'), yesterday: t('yesterday') });
};

/** Its label opens the calendar. */
export const DaySeparator = ({ day }: { day: number }) => {
  const label = useDayLabel();
  const t = useTranslations('conversation.date');
  const { actions } = useConversationTools();
  return (
    <div className="flex h-11 items-center gap-3 px-4 md:px-5" data-testid="day">
      <span aria-hidden className="h-px flex-1 bg-line" />
      <h3 className="font-medium text-ink-subtle text-xs">
        <button
          type="button"
          tabIndex={-1}
          title={t('jump')}
          aria-haspopup="dialog"
          data-testid="day-button"
          onClick={(event) => actions.pickDate(event.currentTarget, day)}
          className="rounded-full px-2 py-1 hover:bg-hover hover:text-ink max-md:px-3 max-md:py-2"
        >
          {label(day)}
        </button>
      </h3>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  );
};

export const NewLine = () => {
  const t = useTranslations('conversation.timeline');
  return (
    <div className="flex h-7 items-center gap-3 px-4 md:px-5" data-testid="new-line">
      <span aria-hidden className="h-px flex-1 bg-danger-ink/45" />
      <span className="font-semibold text-danger-ink text-xs">{t('new')}</span>
    </div>
  );
};

/** Above the first message of all. */
export const StartMarker = () => {
  const t = useTranslations('conversation.start');
  const locale = useLocale();
  const { entry, title, meId } = useConversation();
  const { createdAt } = entry.conversation;
  const { hasPeer, hasHashSign } = traitsOf(entry.conversation.kind);
  const kind = t.has(entry.conversation.kind) ? entry.conversation.kind : 'group';
  const notes = hasPeer && entry.peerId === meId;
  const created = dateFormat(locale, { dateStyle: 'long' }).format(createdAt);
  return (
    <div className="px-4 pt-10 pb-4 md:px-5" data-testid="start-marker">
      {hasPeer && !notes ? (
        <Avatar id={entry.peerId ?? entry.conversation.id} name={title} size="xl" />
      ) : !hasPeer && !hasHashSign ? (
        <Avatar id={entry.conversation.id} name={title} size="xl" />
      ) : (
        <span className="inline-flex size-16 items-center justify-center rounded-lg bg-accent-soft text-accent-ink">
          {notes ? <NotebookPen aria-hidden className="size-7" /> : <Hash aria-hidden className="size-8" />}
        </span>
      )}
      <h2 className="mt-4 text-pretty break-words font-semibold text-lg">
        {notes ? t('notes') : t(kind, { title, name: title })}
      </h2>
      <p className="mt-1 max-w-prose text-pretty text-base text-ink-muted">
        {notes ? t('notesHint') : t(`${kind}Hint`, { created })}
      </p>
    </div>
  );
};
