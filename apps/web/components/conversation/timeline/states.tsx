'use client';

import { MessageSquareOff, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { AppLink } from '@/components/ui/app-link.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';

/** Widths of the lines, in percent: a page of talk that is about to appear. */
const LINES = [[62], [38, 54], [71, 66, 23], [45], [58, 34], [29]];

export const TimelineSkeleton = () => {
  const t = useTranslations('conversation');
  return (
    <div
      role="status"
      aria-label={t('loading')}
      className="fade-in-0 absolute inset-0 flex animate-in flex-col justify-end gap-5 overflow-hidden px-4 pb-3 delay-150 fill-mode-both md:px-5"
    >
      {LINES.map((widths) => (
        <div key={widths.join()} className="flex gap-3">
          <Skeleton className="size-9 shrink-0 rounded-md" />
          <div className="max-w-2xl flex-1 space-y-2 pt-0.5">
            <Skeleton className="h-3 w-24" />
            {widths.map((width) => (
              <div key={width} style={{ width: `${width}%` }}>
                <Skeleton className="h-3.5" />
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
};

/** Instead of a conversation: it cannot be shown, why, and a way on. */
export const Notice = ({
  title,
  text,
  onRetry,
  children,
  below,
}: {
  title: string;
  text: string;
  onRetry?: () => void;
  children?: ReactNode;
  below?: ReactNode;
}) => {
  const t = useTranslations('conversation.gone');
  return (
    <div className="scroll-quiet flex flex-1 flex-col items-center justify-center-safe px-6 py-12 text-center">
      <span className="mb-4 inline-flex size-14 items-center justify-center rounded-lg bg-sunken text-ink-muted">
        <MessageSquareOff aria-hidden className="size-6" />
      </span>
      <h2 className="text-balance font-semibold text-md">{title}</h2>
      <p className="mt-1 max-w-sm text-pretty text-base text-ink-muted">{text}</p>
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        {onRetry && (
          <Button variant="primary" onClick={onRetry}>
            <RotateCw aria-hidden className="size-4" />
            {t('tryAgain')}
          </Button>
        )}
        <Button asChild>
          <AppLink href="/">{t('back')}</AppLink>
        </Button>
        {children}
      </div>
      {below}
    </div>
  );
};
