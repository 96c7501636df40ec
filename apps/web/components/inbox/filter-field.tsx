'use client';

import { Search, X } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { RESULTS_ID } from './filter-results.tsx';

interface FilterFieldProps {
  inputRef: RefObject<HTMLInputElement | null>;
  query: string;
  onQuery: (query: string) => void;
  /** The option that Enter opens. */
  activeOption: string | undefined;
  onMove: (by: 1 | -1) => void;
  onOpen: () => void;
}

export function FilterField({ inputRef, query, onQuery, activeOption, onMove, onOpen }: FilterFieldProps) {
  const t = useTranslations('shell');
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      if (query) onQuery('');
      else event.currentTarget.blur();
    } else if (!event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      if (!query) return;
      onMove(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && query) {
      onOpen();
    } else return;
    event.preventDefault();
  };
  return (
    <search className="relative mx-3 mb-1 block">
      <Search
        aria-hidden
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-ink-subtle"
      />
      <input
        ref={inputRef}
        type="text"
        role="combobox"
        aria-label={t('filter')}
        aria-expanded={query !== ''}
        aria-controls={query ? RESULTS_ID : undefined}
        aria-activedescendant={activeOption}
        aria-autocomplete="list"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        maxLength={100}
        placeholder={t('filterPlaceholder')}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-8 w-full rounded-md bg-hover pr-9 pl-8 text-field transition-[background-color,box-shadow] hover:bg-pressed focus:bg-raised focus:outline-none focus:ring-2 focus:ring-accent-ink max-md:h-11"
      />
      {query && (
        <button
          type="button"
          aria-label={t('filterClear')}
          onClick={() => {
            onQuery('');
            inputRef.current?.focus();
          }}
          className="absolute inset-y-0 right-0 flex w-8 items-center justify-center rounded-md text-ink-subtle hover:text-ink max-md:w-11"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </search>
  );
}
