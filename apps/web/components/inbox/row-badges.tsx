'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { AtSign } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { useNow } from '@/lib/use-now.ts';
import { UnreadBadge } from '../ui/badge.tsx';
import { badgeOf } from './badges.ts';

/** At the end of a row: "@" where I am mentioned, the count, or a dot where it was marked unread. */
export function RowBadges({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const badge = badgeOf(entry, useNow());
  if (badge.kind === 'none') return null;
  return (
    <span
      className="flex shrink-0 items-center gap-1"
      data-badge
      data-testid="badge"
      data-kind={badge.kind}
      data-muted={badge.muted}
    >
      {badge.mentions > 0 && (
        <span
          data-testid="mention-badge"
          className={cn(
            'inline-flex size-5 items-center justify-center rounded-full',
            badge.muted ? 'bg-pressed text-ink-muted' : 'bg-danger text-on-danger',
          )}
        >
          <AtSign aria-hidden className="size-3" strokeWidth={2.5} />
          <span className="sr-only">{t('mentionsLabel', { count: badge.mentions })}</span>
        </span>
      )}
      {badge.kind === 'count' ? (
        <>
          <UnreadBadge unread={badge.count} muted={badge.muted} />
          <span className="sr-only">{t('unreadLabel', { count: badge.count })}</span>
        </>
      ) : (
        <span
          data-testid="unread-badge"
          className={cn('m-1 size-2.5 rounded-full', badge.muted ? 'bg-ink-subtle' : 'bg-accent')}
        >
          <span className="sr-only">{t('markedUnread')}</span>
        </span>
      )}
    </span>
  );
}
