'use client';

import { type ManagedPerson, PEOPLE_FILTERS, type PeopleFilter } from '@lockstep/protocol';
import { Search, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { useNow } from '@/lib/use-now.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type PersonAction, PersonDialogs } from './person-dialogs.tsx';
import { PersonRow } from './person-row.tsx';
import { usePeopleList } from './use-people-list.ts';

/** Everybody in the workspace: their role, their devices, and the actions of an admin. */
export function PeopleView({ meId }: { meId: string }) {
  const t = useTranslations('admin.people');
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  const now = useNow();
  const [query, setQuery] = useState('');
  const [filter, setFilter] = useState<PeopleFilter>('active');
  const [asked, setAsked] = useState<{ person: ManagedPerson; action: PersonAction } | null>(null);
  const { people, counts, more, loading, error, loadMore, reload } = usePeopleList(query, filter);

  return (
    <>
      <h1 className="sr-only">{t('title')}</h1>
      <div className="flex flex-wrap items-center gap-3">
        <div className="relative min-w-0 flex-1 basis-64">
          <Search
            aria-hidden
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 size-4 text-ink-subtle"
          />
          <Input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className="pl-9"
          />
        </div>
        <fieldset className="flex max-w-full gap-1 overflow-x-auto rounded-md bg-sunken p-0.5">
          <legend className="sr-only">{t('show')}</legend>
          {PEOPLE_FILTERS.map((each) => (
            <label
              key={each}
              className={cn(
                'flex h-8 shrink-0 cursor-pointer items-center gap-1.5 rounded-sm px-2.5 font-medium text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent-ink max-md:h-11',
                each === filter ? 'bg-raised text-ink shadow-xs' : 'text-ink-muted hover:text-ink',
              )}
            >
              <input
                type="radio"
                name="people-filter"
                checked={each === filter}
                onChange={() => setFilter(each)}
                className="sr-only"
              />
              {t(`filters.${each}`)}
              {counts && <span className="text-ink-subtle tabular-nums">{counts[each]}</span>}
            </label>
          ))}
        </fieldset>
      </div>
      {error && (
        <div
          role="alert"
          className="mt-4 flex items-center gap-3 rounded-md bg-danger-soft px-3 py-2 text-danger-ink"
        >
          <p className="flex-1">{errors(error)}</p>
          <Button size="sm" onClick={() => void reload()}>
            {common('tryAgain')}
          </Button>
        </div>
      )}
      {people === null && !error && <Loading label={common('loading')} />}
      {people?.length === 0 && !error && (
        <div className="mt-16 flex flex-col items-center gap-3 text-center text-ink-muted">
          <UsersRound aria-hidden className="size-8 text-ink-subtle" />
          <p className="max-w-full break-words">
            {query.trim() ? t('nobodyFound', { query: query.trim() }) : t(`empty.${filter}`)}
          </p>
        </div>
      )}
      {people && people.length > 0 && (
        <ul
          aria-label={t('title')}
          aria-busy={loading}
          className="mt-4 divide-y divide-line rounded-lg border border-line"
        >
          {people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              me={person.id === meId}
              now={now}
              onAsk={(action) => setAsked({ person, action })}
            />
          ))}
        </ul>
      )}
      {more && (
        <Button className="mt-4" busy={loading} onClick={loadMore}>
          {common('loadMore')}
        </Button>
      )}
      <PersonDialogs asked={asked} onClose={() => setAsked(null)} onChanged={reload} />
    </>
  );
}

const Loading = ({ label }: { label: string }) => (
  <div role="status" aria-label={label} className="mt-4 divide-y divide-line rounded-lg border border-line">
    {['w-40', 'w-52', 'w-36', 'w-44'].map((width) => (
      <div key={width} className="flex items-center gap-3 px-4 py-3">
        <Skeleton className="size-9 rounded-md" />
        <div className="flex flex-1 flex-col gap-2">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-3 w-3/5 opacity-60" />
        </div>
      </div>
    ))}
  </div>
);
