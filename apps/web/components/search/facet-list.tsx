'use client';

import { Check } from 'lucide-react';
import { useLocale } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';

interface FacetItem {
  id: string;
  label: ReactNode;
  /** Shown by the mouse. */
  hint?: string | undefined;
  icon?: ReactNode;
  /** Behind the label. */
  note?: ReactNode;
  count: number;
  selected: boolean;
}

interface FacetListProps {
  title: string;
  items: readonly FacetItem[];
  onToggle: (id: string) => void;
  /** Shown before one asks for all. */
  first?: number | undefined;
}

/** What the hits are divided into, the most frequent first; one click narrows the search, another one widens it. */
export function FacetList({ title, items, onToggle, first = 6 }: FacetListProps) {
  const t = useTranslations('search');
  const locale = useLocale();
  const [all, setAll] = useState(false);
  if (items.length === 0) return null;
  const most = Math.max(...items.map(({ count }) => count), 1);
  const shown = all ? items : items.filter((item, i) => i < first || item.selected);
  return (
    <section aria-label={title} className="flex flex-col gap-0.5">
      <h3 className="px-2 pb-1 font-medium text-ink-subtle text-xs">{title}</h3>
      {shown.map(({ id, label, hint, icon, note, count, selected }) => (
        <button
          key={id}
          type="button"
          aria-pressed={selected}
          title={hint}
          data-testid="facet"
          onClick={() => onToggle(id)}
          className={cn(
            'relative flex h-8 items-center gap-2 overflow-hidden rounded-md px-2 text-left text-base transition-colors hover:bg-hover max-md:h-11',
            selected && 'bg-selected hover:bg-selected',
          )}
        >
          <span
            aria-hidden
            style={{ width: `${Math.max(2, (count / most) * 100)}%` }}
            className={cn(
              'absolute left-0 rounded-sm bg-accent-ink/15',
              selected ? 'inset-y-0' : 'inset-y-0.5',
            )}
          />
          {icon && <span className="relative flex shrink-0">{icon}</span>}
          <span className="relative min-w-0 flex-1 truncate" dir="auto">
            {label}
          </span>
          {note && <span className="relative flex shrink-0">{note}</span>}
          {selected && <Check aria-hidden className="relative size-3.5 shrink-0 text-accent-ink" />}
          <span className="relative shrink-0 text-ink-subtle text-sm tabular-nums">
            {new Intl.NumberFormat(locale).format(count)}
          </span>
        </button>
      ))}
      {shown.length < items.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="flex h-8 items-center rounded-md px-2 text-accent-ink text-sm hover:bg-hover max-md:h-11"
        >
          {t('facetsAll', { count: items.length })}
        </button>
      )}
    </section>
  );
}
