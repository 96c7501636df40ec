'use client';

import { ArrowDown, ArrowUp, LoaderCircle, RotateCw, Undo2 } from 'lucide-react';
import { useRef } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { useDayLabel } from './marks.tsx';

const pill =
  'pointer-events-auto inline-flex h-8 items-center gap-1.5 rounded-full bg-raised px-3 font-medium text-sm shadow-overlay transition-colors hover:bg-sunken max-md:h-11 max-md:px-4';

/** Over the list, so that nothing in it moves: spinner, error, and the day at the top while scrolling. */
export const TopOverlay = ({
  loading,
  failed,
  onRetry,
  day,
  unreadAbove,
  capped,
  onUnread,
}: {
  loading: boolean;
  failed: boolean;
  onRetry: () => void;
  day: number | null;
  unreadAbove: number;
  /** There may be more than `unreadAbove`. */
  capped: boolean;
  onUnread: () => void;
}) => {
  const t = useTranslations('conversation.timeline');
  const label = useDayLabel();
  const lastDay = useRef(day);
  if (day !== null) lastDay.current = day;
  return (
    <div className="pointer-events-none absolute print:hidden inset-x-0 top-2 z-10 flex flex-col items-center gap-2">
      {unreadAbove > 0 && !failed && (
        <button
          type="button"
          onClick={onUnread}
          data-testid="jump-to-unread"
          className={cn(pill, 'text-accent-ink')}
        >
          <ArrowUp aria-hidden className="size-4" />
          {capped
            ? t('unreadAboveMany', { count: unreadAbove - 1 })
            : t('unreadAbove', { count: unreadAbove })}
        </button>
      )}
      {failed ? (
        <div role="alert" className={cn(pill, 'gap-3 hover:bg-raised')}>
          {t('loadFailed')}
          <button
            type="button"
            onClick={onRetry}
            className="inline-flex items-center gap-1 rounded-sm text-accent-ink hover:underline"
          >
            <RotateCw aria-hidden className="size-3.5" />
            {t('tryAgain')}
          </button>
        </div>
      ) : loading ? (
        <div
          role="status"
          className={cn(pill, 'fade-in-0 animate-in text-ink-muted delay-150 fill-mode-both')}
        >
          <LoaderCircle aria-hidden className="size-4 animate-spin" />
          {t('loadingOlder')}
        </div>
      ) : (
        <div
          aria-hidden
          className={cn(
            'rounded-full bg-raised px-3 py-1 font-medium text-ink-muted text-xs shadow-overlay transition-opacity duration-200',
            day === null ? 'opacity-0' : 'opacity-100',
          )}
        >
          {lastDay.current !== null && label(lastDay.current)}
        </div>
      )}
    </div>
  );
};

interface BottomProps {
  /** Whether the newest message is out of view. */
  away: boolean;
  /** New messages below. */
  count: number;
  onNewest: () => void;
  /** Null where there is no place to go back to. */
  onBack: (() => void) | null;
}

/** At the lower edge: to the newest message, and back to where one was before a jump. */
export const BottomOverlay = ({ away, count, onNewest, onBack }: BottomProps) => {
  const t = useTranslations('conversation.timeline');
  return (
    <div className="pointer-events-none absolute print:hidden inset-x-0 bottom-2 z-10 flex justify-center gap-2">
      {onBack && (
        <button
          type="button"
          onClick={onBack}
          aria-label={t('backLabel')}
          title={t('backLabel')}
          aria-keyshortcuts="B"
          data-testid="jump-back"
          className={cn(pill, 'fade-in-0 slide-in-from-bottom-2 animate-in')}
        >
          <Undo2 aria-hidden className="size-4" />
          {t('back')}
        </button>
      )}
      {away && (
        <button
          type="button"
          onClick={onNewest}
          aria-label={count > 0 ? `${t('jumpNew', { count })}. ${t('jump')}` : t('jump')}
          data-testid="jump-to-newest"
          className={cn(
            pill,
            'fade-in-0 slide-in-from-bottom-2 animate-in',
            count > 0 && 'bg-accent text-on-accent hover:bg-accent-hover',
          )}
        >
          <ArrowDown aria-hidden className="size-4" />
          {count > 0 ? t('jumpNew', { count }) : t('jump')}
        </button>
      )}
    </div>
  );
};
