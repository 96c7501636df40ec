'use client';

import { SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { Button } from '../ui/button.tsx';
import { DialogClose, DialogRoot, SheetContent } from '../ui/dialog.tsx';

interface FiltersButtonProps {
  /** Filters that are set. */
  count: number;
  onClick: () => void;
  className?: string;
}

/** Opens the panel below, where there is no room beside the results. */
export function FiltersButton({ count, onClick, className }: FiltersButtonProps) {
  const t = useTranslations('search');
  return (
    <Button
      variant="ghost"
      size="sm"
      className={className}
      data-testid="search-filters"
      aria-haspopup="dialog"
      onClick={onClick}
    >
      <SlidersHorizontal aria-hidden className="size-4" />
      {t('filters')}
      {count > 0 && (
        <span className="flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 font-medium text-on-accent text-xs tabular-nums">
          {count}
        </span>
      )}
    </Button>
  );
}

interface FiltersSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Hits that there are now; null while they are looked for. */
  total: { count: number; capped: boolean } | null;
  /** Takes every filter away; null where there is none. */
  onClear: (() => void) | null;
  className?: string;
  children: ReactNode;
}

/** What a search is narrowed by, in a panel over the results. */
export function FiltersSheet({ open, onOpenChange, total, onClear, className, children }: FiltersSheetProps) {
  const t = useTranslations('search');
  return (
    <DialogRoot open={open} onOpenChange={onOpenChange}>
      <SheetContent title={t('filters')}>
        <div
          className={cn('scroll-quiet min-h-0 flex-1 px-3 pt-1 pb-5', className)}
          data-testid="facets-sheet"
        >
          {children}
        </div>
        <footer className="flex gap-2 border-line border-t px-4 py-3">
          {onClear && (
            <Button className="flex-1" onClick={onClear}>
              {t('filtersClear')}
            </Button>
          )}
          <DialogClose asChild>
            <Button variant="primary" className="flex-1" data-testid="facets-done">
              {t(total?.capped ? 'showCapped' : 'show', { count: total?.count ?? -1 })}
            </Button>
          </DialogClose>
        </footer>
      </SheetContent>
    </DialogRoot>
  );
}
