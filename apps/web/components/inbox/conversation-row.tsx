'use client';

import { type InboxEntry, isMuted } from '@lockstep/protocol';
import { BellOff, Ellipsis } from 'lucide-react';
import { useLocale } from 'next-intl';
import { type MouseEvent, memo } from 'react';
import { AppLink } from '@/components/ui/app-link.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { listTime } from '@/lib/list-time.ts';
import { useMe } from '@/lib/me.tsx';
import { conversationPath } from '@/lib/navigation.ts';
import { useEngine, useMessageChanges, useOutbox, useSync } from '@/lib/sync/index.ts';
import { useNow } from '@/lib/use-now.ts';
import { SendingIcon } from '../ui/sending-icon.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useExplainBadge } from './badge-explainer.tsx';
import { ConversationAvatar } from './conversation-avatar.tsx';
import { DraftPreview, LastMessage, UnsentPreview } from './preview.tsx';
import { RowBadges } from './row-badges.tsx';
import { isUnread } from './sections.ts';
import { useConversationTitle } from './use-conversation-title.ts';

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
  /** Opens the menu of the row below its button. */
  onMenu?: (conversationId: string, button: HTMLElement) => void;
}

/** The second line: an unsent message or a draft, else the last message. */
function Preview({ entry, active, unread }: { entry: InboxEntry; active: boolean; unread: boolean }) {
  const t = useTranslations('shell');
  const { me } = useMe();
  const { id } = entry.conversation;
  const typing = useSync((state) => (state.typing.get(id) ?? []).some(({ userId }) => userId !== me.id));
  // The draft is already visible in the composer.
  const draft = useSync((state) => (active ? '' : (state.drafts.get(id)?.text ?? '')));
  const outbox = useOutbox(id);
  const unsent = outbox.findLast(({ state }) => state === 'failed') ?? outbox.at(-1);
  const refused = useMessageChanges(id).find(({ state }) => state === 'failed');
  const text = () => {
    if (unsent?.state === 'failed') return <UnsentPreview item={unsent} />;
    if (refused?.name === 'edit')
      return <UnsentPreview item={{ state: 'failed', body: refused.args.body }} />;
    if (typing) return <span className="text-accent-ink">{t('typing')}</span>;
    if (draft.trim() !== '') return <DraftPreview text={draft} />;
    return unsent ? <UnsentPreview item={unsent} /> : <LastMessage entry={entry} />;
  };
  return (
    <>
      <span className={cn('min-w-0 flex-1 truncate text-sm', unread ? 'text-ink-muted' : 'text-ink-subtle')}>
        {text()}
      </span>
      {/* At the end of the line, so that nothing moves when it goes. */}
      {unsent && unsent.state !== 'failed' && <SendingIcon />}
    </>
  );
}

/** One conversation: two lines beside its avatar. */
export const ConversationRow = memo(function ConversationRow(props: RowProps) {
  const { entry, active, tabStop, highlighted, optionId, onFollow, onMenu } = props;
  const t = useTranslations('shell');
  const locale = useLocale();
  const engine = useEngine();
  const explain = useExplainBadge();
  const now = useNow();
  const title = useConversationTitle(entry);
  const { id, headSeq } = entry.conversation;
  const muted = isMuted(entry, now);
  const unread = isUnread(entry) && !muted;

  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    const badge = (event.target as HTMLElement).closest<HTMLElement>('[data-badge]');
    if (badge && !optionId && window.matchMedia('(pointer: fine)').matches) {
      event.preventDefault();
      explain(id, badge);
      return;
    }
    // Clicking the open conversation clears "marked as unread".
    if (active && entry.markedUnread) engine.markRead(id, headSeq);
    onFollow?.();
  };
  return (
    <div className="group/row relative">
      <AppLink
        href={conversationPath(id)}
        id={optionId}
        role={optionId ? 'option' : undefined}
        aria-selected={optionId ? highlighted : undefined}
        aria-current={active ? 'page' : undefined}
        tabIndex={tabStop ? 0 : -1}
        data-row={id}
        data-testid="conversation-row"
        draggable={false}
        onClick={follow}
        className={cn(
          'flex h-14 items-center gap-3 rounded-md px-2 transition-colors focus-visible:-outline-offset-2 max-md:h-16 max-md:px-3',
          'pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none]',
          active ? 'bg-selected max-md:bg-transparent' : 'group-hover/row:bg-hover active:bg-pressed',
          highlighted && 'bg-hover outline-2 outline-accent-ink -outline-offset-2',
        )}
      >
        <ConversationAvatar entry={entry} />
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <span className="flex items-baseline gap-2">
            {title === null ? (
              <Skeleton className="h-3.5 w-28" />
            ) : (
              <span className="flex min-w-0 flex-1 items-center gap-1.5">
                <span
                  className={cn('truncate text-base', unread ? 'font-semibold' : 'font-medium')}
                  dir="auto"
                >
                  {title}
                </span>
                {muted && (
                  <>
                    <BellOff aria-hidden className="size-3.5 shrink-0 text-ink-subtle" data-testid="muted" />
                    <span className="sr-only">{t('muted')}</span>
                  </>
                )}
              </span>
            )}
            {entry.last && now > 0 && (
              <time
                dateTime={new Date(entry.last.createdAt).toISOString()}
                className={cn(
                  'shrink-0 text-xs tabular-nums',
                  unread ? 'text-accent-ink' : 'text-ink-subtle',
                  onMenu && 'pointer-fine:group-hover/row:invisible',
                )}
              >
                {listTime(entry.last.createdAt, now, locale, t('timeYesterday'))}
              </time>
            )}
          </span>
          <span className="flex min-h-5 items-center gap-2">
            <Preview entry={entry} active={active} unread={unread} />
            <RowBadges entry={entry} />
          </span>
        </span>
      </AppLink>
      {onMenu && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t('rowActions', { title: title ?? '' })}
          aria-haspopup="menu"
          data-testid="row-menu"
          onClick={(event) => onMenu(id, event.currentTarget)}
          className="absolute top-1.5 right-1.5 flex size-6 items-center justify-center rounded-sm text-ink-muted opacity-0 transition-opacity hover:bg-pressed hover:text-ink focus-visible:opacity-100 group-hover/row:opacity-100 pointer-coarse:hidden"
        >
          <Ellipsis aria-hidden className="size-4" />
        </button>
      )}
    </div>
  );
});
