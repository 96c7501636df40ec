'use client';

import { X } from 'lucide-react';
import { useLocale } from 'next-intl';
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { dateFormat } from '@/lib/date-format.ts';
import { bucketsOf } from '@/lib/search/buckets.ts';
import type { MonthRange } from '@/lib/search/draft.ts';

interface HistogramProps {
  /** `2008-10`, ascending; those with none left out. */
  months: readonly { month: string; count: number }[];
  /** What is chosen of them; an end that is left out is open. */
  range: Partial<MonthRange> | null;
  onRange: (range: MonthRange | null) => void;
}

/**
 * Hits by month. Drawing over it chooses a span, a click one bar; with the keyboard its two ends are sliders, moved by
 * the arrows, Home and End, and Escape lets go of the span.
 */
export function Histogram({ months, range, onRange }: HistogramProps) {
  const t = useTranslations('search');
  const locale = useLocale();
  const buckets = useMemo(() => bucketsOf(months), [months]);
  const bars = useRef<HTMLDivElement>(null);
  const [brush, setBrush] = useState<{ start: number; end: number } | null>(null);
  const last = buckets.length - 1;
  if (last < 0) return null;

  const indexOf = (month: string | undefined, open: number) => {
    if (!month) return open;
    const found = buckets.findIndex(({ to }) => month <= to);
    return found < 0 ? last : found;
  };
  const chosen = brush
    ? { from: Math.min(brush.start, brush.end), to: Math.max(brush.start, brush.end) }
    : range && { from: indexOf(range.from, 0), to: indexOf(range.to, last) };
  const name = (month: string) =>
    dateFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' }).format(
      new Date(`${month}-01T00:00:00Z`),
    );
  const choose = (from: number, to: number) => {
    const [a, b] = [buckets[Math.max(0, from)], buckets[Math.min(last, to)]];
    if (a && b) onRange({ from: a.from, to: b.to });
  };

  const at = (event: PointerEvent) => {
    const box = bars.current?.getBoundingClientRect();
    if (!box) return 0;
    return Math.max(0, Math.min(last, Math.floor(((event.clientX - box.left) / box.width) * buckets.length)));
  };
  const most = Math.max(...buckets.map(({ count }) => count), 1);
  const [from, to] = chosen ? [chosen.from, chosen.to] : [0, last];
  const onKey = (event: KeyboardEvent, end: 'from' | 'to') => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 6, PageDown: -6 }[
      event.key
    ];
    const value = end === 'from' ? from : to;
    if (event.key === 'Escape' && range) onRange(null);
    else if (event.key === 'Home') choose(end === 'from' ? 0 : from, end === 'from' ? to : from);
    else if (event.key === 'End') choose(end === 'from' ? to : from, end === 'from' ? to : last);
    else if (by === undefined) return;
    else if (end === 'from') choose(Math.min(value + by, to), to);
    else choose(from, Math.max(value + by, from));
    event.preventDefault();
    event.stopPropagation();
  };
  const slider = (end: 'from' | 'to') => (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t(end === 'from' ? 'monthFrom' : 'monthTo')}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={end === 'from' ? from : to}
      aria-valuetext={name((end === 'from' ? buckets[from]?.from : buckets[to]?.to) ?? '2000-01')}
      onKeyDown={(event) => onKey(event, end)}
      style={{ left: `${((end === 'from' ? from : to + 1) / buckets.length) * 100}%` }}
      className={cn(
        '-translate-x-1/2 absolute inset-y-0 w-2.5 rounded-sm',
        chosen ? 'opacity-100' : 'opacity-0 focus-visible:opacity-100',
      )}
    >
      <span className="-translate-x-1/2 absolute inset-y-0 left-1/2 w-0.5 rounded-full bg-accent-ink" />
    </div>
  );
  return (
    <section aria-label={t('months')} data-testid="histogram">
      <div className="flex h-6 items-center justify-between px-2 pb-1">
        <h2 className="truncate font-medium text-ink-subtle text-xs">
          {chosen
            ? `${name(buckets[from]?.from ?? '2000-01')} – ${name(buckets[to]?.to ?? '2000-01')}`
            : t('months')}
        </h2>
        {range && (
          <button
            type="button"
            aria-label={t('monthsClear')}
            onClick={() => onRange(null)}
            className="flex size-6 items-center justify-center rounded-sm text-ink-subtle hover:bg-hover hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        )}
      </div>
      <div className="relative mx-2 h-20 max-md:h-24">
        <div
          ref={bars}
          className="absolute inset-0 flex touch-none cursor-crosshair select-none items-end"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setBrush({ start: at(event), end: at(event) });
          }}
          onPointerMove={(event) => brush && setBrush({ ...brush, end: at(event) })}
          onPointerUp={() => {
            if (brush) choose(Math.min(brush.start, brush.end), Math.max(brush.start, brush.end));
            setBrush(null);
          }}
          onPointerCancel={() => setBrush(null)}
        >
          {buckets.map((bucket, i) => (
            <span
              key={bucket.from}
              data-testid="histogram-bar"
              data-month={bucket.from}
              data-count={bucket.count}
              title={`${name(bucket.from)}${bucket.to === bucket.from ? '' : ` – ${name(bucket.to)}`}: ${bucket.count}`}
              className="flex h-full flex-1 items-end px-[0.5px] hover:bg-hover"
            >
              <span
                style={{ height: bucket.count === 0 ? 1 : `${Math.max(4, (bucket.count / most) * 100)}%` }}
                className={cn(
                  'w-full rounded-t-[2px]',
                  bucket.count === 0
                    ? 'bg-line-strong'
                    : i >= from && i <= to
                      ? 'bg-accent-ink'
                      : 'bg-accent-ink/30',
                )}
              />
            </span>
          ))}
        </div>
        {chosen && (
          <span
            aria-hidden
            style={{
              left: `${(from / buckets.length) * 100}%`,
              width: `${((to - from + 1) / buckets.length) * 100}%`,
            }}
            className="pointer-events-none absolute inset-y-0 rounded-sm bg-accent-ink/10"
          />
        )}
        <div className="[&>*]:pointer-events-none">
          {slider('from')}
          {slider('to')}
        </div>
      </div>
      <div aria-hidden className="mx-2 flex justify-between pt-1 text-ink-subtle text-xs tabular-nums">
        <span>{name(buckets[0]?.from ?? '2000-01')}</span>
        {last > 0 && <span>{name(buckets[last]?.to ?? '2000-01')}</span>}
      </div>
    </section>
  );
}
