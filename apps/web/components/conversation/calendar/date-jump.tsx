'use client';

import { lazy, type RefObject, Suspense, useRef, useState } from 'react';
import { toast } from 'sonner';
import { frozenRect, NOWHERE } from '@/components/ui/frozen-rect.ts';
import { Popover, PopoverAnchor, PopoverContent } from '@/components/ui/popover.tsx';
import { returnFocus } from '@/components/ui/return-focus.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { errorOf } from '@/lib/error-of.ts';
import { useEngine } from '@/lib/sync/index.ts';
import { dayOf } from '@/lib/time.ts';
import { useConversation } from '../context.tsx';
import type { TimelineHandle } from '../timeline/timeline.tsx';

const Calendar = lazy(() => import('./calendar.tsx'));

export interface DateRequest {
  anchor: HTMLElement;
  day: number | undefined;
}

interface DateJumpProps {
  request: DateRequest | null;
  onClose: () => void;
  timeline: RefObject<TimelineHandle | null>;
}

/** The calendar beside whatever asked for it; a day chosen goes to its first message, or to the first one after it. */
export const DateJump = ({ request, onClose, timeline }: DateJumpProps) => {
  const t = useTranslations('conversation.date');
  const errors = useTranslations('errors');
  const engine = useEngine();
  const { entry } = useConversation();
  const { id, createdAt } = entry.conversation;
  const [busy, setBusy] = useState(false);
  /** The last request: it says where the calendar stands while it closes, and what gets the focus back. */
  const last = useRef<DateRequest | null>(null);
  const anchor = useRef(NOWHERE);
  if (request && request !== last.current) {
    last.current = request;
    anchor.current = frozenRect(request.anchor);
  }

  const pick = async (date: Date) => {
    onClose();
    if (busy) return;
    setBusy(true);
    timeline.current?.remember();
    try {
      const seq = await engine.loadAtTime(id, dayOf(date.getTime()));
      if (seq === null) toast(t('none'));
      else timeline.current?.show(seq);
    } catch (error) {
      toast.error(errors(errorOf(error).code));
    } finally {
      setBusy(false);
    }
  };
  const today = Date.now();
  const day = request?.day ?? timeline.current?.day() ?? today;
  return (
    <Popover open={request !== null} onOpenChange={(open) => !open && onClose()}>
      <PopoverAnchor virtualRef={anchor} />
      <PopoverContent
        aria-label={t('jump')}
        data-testid="calendar"
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          returnFocus(last.current?.anchor);
        }}
      >
        <Suspense fallback={<div className="h-80 w-72" />}>
          <Calendar
            day={day}
            from={Math.min(createdAt, today)}
            to={today}
            onPick={(date) => void pick(date)}
          />
        </Suspense>
      </PopoverContent>
    </Popover>
  );
};
