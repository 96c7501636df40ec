'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { useLocale, useTranslations } from 'next-intl';
import { memo } from 'react';
import { cn } from '@/lib/cn.ts';
import { useSync } from '@/lib/sync/index.ts';
import { UnreadBadge } from '../ui/badge.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ConversationAvatar } from './conversation-avatar.tsx';
import { listTime } from './list-time.ts';
import { useMe } from './me-context.tsx';
import { AppLink, conversationPath } from './navigation.tsx';
import { LastMessage } from './preview.tsx';
import { isUnread } from './sections.ts';
import { useConversationTitle } from './use-conversation-title.ts';
import { useNow } from './use-now.ts';

interface RowProps {
  entry: InboxEntry;
  active: boolean;
  /** The one row of the list that Tab reaches. */
  tabStop: boolean;
  /** Chosen by the arrows while the filter field keeps the focus. */
  highlighted?: boolean;
  /** In the list of results of the filter: an option instead of a link among links. */
  optionId?: string;
  onFollow?: () => void;
}

function TypingOrLast({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const { me } = useMe();
  const typing = useSync((state) =>
    (state.typing.get(entry.conversation.id) ?? []).some(({ userId }) => userId !== me.id),
  );
  return typing ? <span className="text-accent-ink">{t('typing')}</span> : <LastMessage entry={entry} />;
}

/** One conversation: two lines beside its avatar. */
export const ConversationRow = memo(function ConversationRow(props: RowProps) {
  const { entry, active, tabStop, highlighted, optionId, onFollow } = props;
  const t = useTranslations('shell');
  const locale = useLocale();
  const now = useNow();
  const title = useConversationTitle(entry);
  const unread = isUnread(entry);
  const { id } = entry.conversation;
  return (
    <AppLink
      href={conversationPath(id)}
      id={optionId}
      role={optionId ? 'option' : undefined}
      aria-selected={optionId ? highlighted : undefined}
      aria-current={active ? 'page' : undefined}
      tabIndex={tabStop ? 0 : -1}
      data-row={id}
      draggable={false}
      onClick={onFollow}
      className={cn(
        'flex h-14 items-center gap-3 rounded-md px-2 transition-colors focus-visible:-outline-offset-2 max-md:h-16 max-md:px-3',
        active ? 'bg-selected max-md:bg-transparent' : 'hover:bg-hover active:bg-pressed',
        highlighted && 'bg-hover outline-2 outline-accent-ink -outline-offset-2',
      )}
    >
      <ConversationAvatar entry={entry} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          {title === null ? (
            <Skeleton className="h-3.5 w-28" />
          ) : (
            <span
              className={cn('min-w-0 flex-1 truncate text-base', unread ? 'font-semibold' : 'font-medium')}
              dir="auto"
            >
              {title}
            </span>
          )}
          {entry.last && now > 0 && (
            <time
              dateTime={new Date(entry.last.createdAt).toISOString()}
              className={cn('shrink-0 text-xs tabular-nums', unread ? 'text-accent-ink' : 'text-ink-subtle')}
            >
              {listTime(entry.last.createdAt, now, locale, t('timeYesterday'))}
            </time>
          )}
        </span>
        <span className="flex min-h-5 items-center gap-2">
          <span
            className={cn('min-w-0 flex-1 truncate text-sm', unread ? 'text-ink-muted' : 'text-ink-subtle')}
          >
            <TypingOrLast entry={entry} />
          </span>
          {entry.unread > 0 && (
            <>
              <UnreadBadge unread={entry.unread} />
              <span className="sr-only">{t('unreadLabel', { count: entry.unread })}</span>
            </>
          )}
          {entry.unread === 0 && entry.markedUnread && (
            <span className="size-2.5 shrink-0 rounded-full bg-accent" data-testid="unread-badge">
              <span className="sr-only">{t('markedUnread')}</span>
            </span>
          )}
        </span>
      </span>
    </AppLink>
  );
});
