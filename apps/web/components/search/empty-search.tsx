'use client';

import { LIMITS, type SavedSearch } from '@lockstep/protocol';
import { Clock, Pencil, Star, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useEngine, useRemembered } from '@/lib/sync/index.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { QueryLabel, useQueryText } from './query-label.tsx';
import { Notice } from './results.tsx';

const rows = () => [...document.querySelectorAll<HTMLElement>('[data-remembered]')];

/** Goes to the first remembered search; false where there is none. */
export const focusFirst = (): boolean => {
  rows()[0]?.focus();
  return rows().length > 0;
};

interface EmptySearchProps {
  /** Begins a query with a filter. */
  onFilter: (word: string) => void;
  onSearch: (query: string) => void;
  /** Back to the field. */
  onLeave: () => void;
}

/** The search without a query: recent searches, saved searches, and filters. */
export function EmptySearch({ onFilter, onSearch, onLeave }: EmptySearchProps) {
  const t = useTranslations('search');
  const engine = useEngine();
  const { recent, saved } = useRemembered();
  const queryText = useQueryText();
  const [renaming, setRenaming] = useState<string | null>(null);
  const named = useRef<string | null>(null);
  // The field is gone, and the focus would be too.
  useEffect(() => {
    if (renaming === null && named.current !== null && document.activeElement === document.body)
      rows()
        .find(({ dataset }) => dataset.remembered === 'saved' && dataset.query === named.current)
        ?.focus();
    named.current = renaming;
  }, [renaming]);
  const kept = new Set(saved.map(({ text }) => text));

  const filters = FILTERS.map(({ word, text }) => (
    <Button key={word} size="sm" onClick={() => onFilter(word)}>
      <span className="font-medium text-accent-ink">{word}</span>
      <span className="text-ink-muted">{t(text)}</span>
    </Button>
  ));
  if (recent.length === 0 && saved.length === 0)
    return (
      <Notice title={t('emptyTitle')} text={t('emptyText')}>
        {filters}
      </Notice>
    );

  const onKey = (event: KeyboardEvent, remove: () => void) => {
    const all = rows();
    const at = all.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    if (event.key === 'ArrowDown') all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') at === 0 ? onLeave() : all[at - 1]?.focus();
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      (all[at + 1] ?? all[at - 1])?.focus();
      if (all.length === 1) onLeave();
      remove();
    } else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
  };
  const unsave = (text: string) => engine.changeSearches({ do: 'unsave', text });
  const forget = (text: string) => engine.changeSearches({ do: 'forget', text });
  return (
    <div className="scroll-quiet min-h-0 flex-1 px-2 pt-3 pb-6" data-testid="search-start">
      {saved.length > 0 && (
        <Section title={t('saved')}>
          {saved.map((search) => (
            <Row
              key={search.text}
              search={search}
              kind="saved"
              icon={<Star aria-hidden className="size-4 shrink-0 fill-current text-accent-ink" />}
              onSearch={onSearch}
              onKey={(event) => onKey(event, () => unsave(search.text))}
              name={
                renaming === search.text ? (
                  <NameField
                    name={search.name ?? ''}
                    onDone={(name) => {
                      if (name !== null)
                        engine.changeSearches({ do: 'save', text: search.text, name: name || null });
                      setRenaming(null);
                    }}
                  />
                ) : undefined
              }
            >
              <IconButton
                label={t('savedRename', { query: queryText(search.text) })}
                size="icon-sm"
                data-testid="saved-rename"
                onClick={() => setRenaming(search.text)}
              >
                <Pencil aria-hidden className="size-3.5" />
              </IconButton>
              <IconButton
                label={t('unsaveQuery', { query: queryText(search.text) })}
                size="icon-sm"
                data-testid="saved-remove"
                onClick={() => unsave(search.text)}
              >
                <X aria-hidden className="size-4" />
              </IconButton>
            </Row>
          ))}
        </Section>
      )}
      {recent.length > 0 && (
        <Section
          title={t('recent')}
          action={
            <Button
              variant="ghost"
              size="sm"
              data-testid="recent-clear"
              onClick={() => engine.changeSearches({ do: 'forget' })}
            >
              {t('recentClear')}
            </Button>
          }
        >
          {recent.map((search) => (
            <Row
              key={search.text}
              search={{ ...search, name: null }}
              kind="recent"
              icon={<Clock aria-hidden className="size-4 shrink-0 text-ink-subtle" />}
              onSearch={onSearch}
              onKey={(event) => onKey(event, () => forget(search.text))}
            >
              {!kept.has(search.text) && (
                <IconButton
                  label={t('saveQuery', { query: queryText(search.text) })}
                  size="icon-sm"
                  data-testid="recent-save"
                  onClick={() => engine.changeSearches({ do: 'save', text: search.text, name: null })}
                >
                  <Star aria-hidden className="size-4" />
                </IconButton>
              )}
              <IconButton
                label={t('recentForget', { query: queryText(search.text) })}
                size="icon-sm"
                data-testid="recent-remove"
                onClick={() => forget(search.text)}
              >
                <X aria-hidden className="size-4" />
              </IconButton>
            </Row>
          ))}
        </Section>
      )}
      <Section title={t('filters')}>
        <div className="flex flex-wrap gap-2 px-3 pt-1">{filters}</div>
      </Section>
    </div>
  );
}

const FILTERS = [
  { word: 'from:', text: 'filterFrom' },
  { word: 'in:', text: 'filterIn' },
  { word: 'after:', text: 'filterAfter' },
  { word: 'before:', text: 'filterBefore' },
] as const;

const Section = ({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) => (
  <section aria-label={title} className="pb-4">
    <div className="flex h-9 items-center justify-between pr-1 pl-3 max-md:h-11">
      <h2 className="font-medium text-ink-subtle text-sm">{title}</h2>
      {action}
    </div>
    {children}
  </section>
);

interface RowProps {
  search: SavedSearch;
  kind: 'recent' | 'saved';
  icon: ReactNode;
  onSearch: (query: string) => void;
  onKey: (event: KeyboardEvent) => void;
  /** In the place of the query while it is named. */
  name?: ReactNode;
  /** What can be done with it; in sight with the pointer or the focus on the row. */
  children: ReactNode;
}

const Row = ({ search: { text, name }, kind, icon, onSearch, onKey, name: field, children }: RowProps) => (
  <div className="group flex items-center rounded-md pr-1 focus-within:bg-hover hover:bg-hover">
    {field ? (
      <span className="flex min-h-10 min-w-0 flex-1 items-center gap-3 py-1 pr-2 pl-3">
        {icon}
        {field}
      </span>
    ) : (
      <>
        <button
          type="button"
          data-remembered={kind}
          data-query={text}
          onClick={() => onSearch(text)}
          onKeyDown={onKey}
          className="flex min-h-10 min-w-0 flex-1 items-center gap-3 rounded-md pr-2 pl-3 text-left text-base max-md:min-h-12"
        >
          {icon}
          {name && (
            <span className="max-w-[60%] shrink-0 truncate font-medium" dir="auto">
              {name}
            </span>
          )}
          <span className={name ? 'min-w-0 text-ink-subtle text-sm' : 'min-w-0'}>
            <QueryLabel text={text} />
          </span>
        </button>
        <span className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          {children}
        </span>
      </>
    )}
  </div>
);

/** Enter and leaving it take the name, Escape does not: then `onDone` gets null. */
function NameField({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  const t = useTranslations('search');
  const [value, setValue] = useState(name);
  return (
    <Input
      autoFocus
      aria-label={t('savedName')}
      placeholder={t('savedName')}
      data-testid="saved-name"
      autoComplete="off"
      maxLength={LIMITS.searchName}
      value={value}
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => onDone(value.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone(null);
        else if (event.key === 'Enter') onDone(value.trim());
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      className="h-8 max-md:h-9"
    />
  );
}
