'use client';

import type { SearchHit } from '@lockstep/protocol';
import { CloudOff, Search, Star } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { cn } from '@/lib/cn.ts';
import { excerptOf } from '@/lib/search/excerpt.ts';
import { keyOf, type SearchSession, type SearchState } from '@/lib/search/session.ts';
import { listTime } from '../shell/list-time.ts';
import { messagePath } from '../shell/navigation.tsx';
import { useNow } from '../shell/use-now.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ResultRow } from './result-row.tsx';
import { useRemembered, useSearch } from './search-provider.tsx';
import { useNames } from './use-names.ts';

export const RESULTS_ID = 'search-results';
export const resultId = (key: string): string => `hit-${key.replace('/', '-')}`;

interface ResultsProps {
  session: SearchSession;
  state: SearchState;
  hits: readonly SearchHit[];
  onOpen: (key: string) => void;
  onKey: (event: KeyboardEvent) => void;
}

type Item = { heading: string } | { hit: SearchHit };

/** What was found, or why there is nothing. */
export function Results({ session, state, hits, onOpen, onKey }: ResultsProps) {
  const t = useTranslations('search');
  const shell = useTranslations('shell');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const locale = useLocale();
  const now = useNow();
  const { personName, placeName } = useNames();
  const list = useRef<VListHandle>(null);
  const { grouped, selected, status, facets } = state;

  const items = useMemo((): Item[] => {
    if (!grouped) return hits.map((hit) => ({ hit }));
    const groups = Map.groupBy(hits, ({ message }) => message.conversationId);
    return [...groups].flatMap(([id, own]) => [{ heading: id }, ...own.map((hit) => ({ hit }))]);
  }, [hits, grouped]);
  const chosen = items.findIndex((item) => 'hit' in item && keyOf(item.hit.message) === selected);

  // Where it was, when one comes back.
  useLayoutEffect(() => {
    list.current?.scrollTo(session.scroll);
  }, [session]);
  const before = useRef(selected);
  useEffect(() => {
    if (before.current === selected) return;
    before.current = selected;
    if (chosen >= 0) list.current?.scrollToIndex(chosen, { align: 'nearest' });
  }, [selected, chosen]);

  if (status === 'failed')
    return (
      <Notice title={t('failed')} text={errors(state.error as 'internal')}>
        <Button onClick={() => session.retry()}>{common('tryAgain')}</Button>
      </Notice>
    );
  if (hits.length === 0) {
    if (status === 'waiting') return <Waiting />;
    return status === 'away' ? (
      <Notice title={t('awayTitle')} text={t('noneText')}>
        <Button onClick={() => session.retry()}>{common('tryAgain')}</Button>
      </Notice>
    ) : (
      <Notice title={t('noneTitle')} text={t('noneText')} />
    );
  }

  const render = (item: Item): ReactElement => {
    if ('heading' in item)
      return (
        <h2
          key={item.heading}
          className="truncate px-3 pt-4 pb-1 font-semibold text-ink-muted text-sm"
          dir="auto"
        >
          {placeName(item.heading)}
        </h2>
      );
    const { message, marks } = item.hit;
    const key = keyOf(message);
    return (
      <ResultRow
        key={key}
        id={resultId(key)}
        href={messagePath(message.conversationId, message.seq)}
        sender={{ id: message.senderId, name: personName(message.senderId) ?? t('someone') }}
        place={grouped ? undefined : placeName(message.conversationId)}
        time={{
          at: message.createdAt,
          text: listTime(message.createdAt, now, locale, shell('timeYesterday')),
        }}
        excerpt={excerptOf(message.body ?? '', marks, personName)}
        selected={key === selected}
        onSelect={() => session.select(key)}
        onOpen={() => onOpen(key)}
      />
    );
  };
  return (
    <>
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-5 py-1.5 text-ink-subtle text-sm">
        <span aria-live="polite" data-testid="search-count" className="tabular-nums">
          {status === 'away' ? (
            <span className="flex items-center gap-1.5 text-warning-ink">
              <CloudOff aria-hidden className="size-4 shrink-0" />
              {t('away')}
            </span>
          ) : facets ? (
            t(facets.total.capped ? 'resultsCapped' : 'results', { count: facets.total.count })
          ) : (
            t('results', { count: hits.length })
          )}
        </span>
        {state.forgiven && <span>{t('forgiven')}</span>}
        {state.reach && (state.reach.away || !state.reach.complete) && (
          <span data-testid="reach" className="text-warning-ink">
            {t(state.reach.complete ? 'indexAway' : state.reach.away ? 'indexAwayIncomplete' : 'incomplete')}
          </span>
        )}
        <SaveButton text={session.text} />
        <Button variant="ghost" size="sm" className="-mr-2" onClick={() => session.setGrouped(!grouped)}>
          {t(grouped ? 'flat' : 'grouped')}
        </Button>
      </div>
      <div
        id={RESULTS_ID}
        role="listbox"
        tabIndex={-1}
        aria-label={t('title')}
        aria-activedescendant={selected ? resultId(selected) : undefined}
        onKeyDown={onKey}
        className="flex min-h-0 flex-1 flex-col outline-none"
      >
        <VList
          ref={list}
          data={items}
          keepMounted={chosen >= 0 ? [chosen] : []}
          className="scroll-quiet min-h-0 flex-1 px-2 pb-6"
          onScroll={(offset) => {
            session.scroll = offset;
            const { scrollSize = 0, viewportSize = 0 } = list.current ?? {};
            if (scrollSize - offset - viewportSize < 800) void session.more();
          }}
        >
          {render}
        </VList>
      </div>
    </>
  );
}

/** Keeps the search as it stands, or lets go of it. */
const SaveButton = ({ text }: { text: string }) => {
  const t = useTranslations('search');
  const { remembered } = useSearch();
  const saved = useRemembered().saved.some((one) => one.text === text);
  return (
    <IconButton
      label={t(saved ? 'unsave' : 'save')}
      size="icon-sm"
      className="ml-auto"
      aria-pressed={saved}
      data-testid="search-save"
      onClick={() => remembered.change(saved ? { do: 'unsave', text } : { do: 'save', text, name: null })}
    >
      <Star aria-hidden className={cn('size-4', saved && 'fill-current text-warning-ink')} />
    </IconButton>
  );
};

export const Notice = ({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children?: React.ReactNode;
}) => (
  <div className="flex flex-1 flex-col items-center px-6 pt-[14vh] text-center" data-testid="search-notice">
    <span className="flex size-12 items-center justify-center rounded-lg bg-sunken text-ink-subtle">
      <Search aria-hidden className="size-5.5" />
    </span>
    <p className="mt-4 font-semibold text-md">{title}</p>
    <p className="mt-1 max-w-sm text-base text-ink-muted">{text}</p>
    {children && <div className="mt-5 flex max-w-md flex-wrap justify-center gap-2">{children}</div>}
  </div>
);

const Waiting = () => (
  <div aria-hidden className="flex flex-col gap-5 px-5 pt-6" data-testid="search-waiting">
    {['w-3/4', 'w-1/2', 'w-2/3', 'w-3/5'].map((width) => (
      <div key={width} className="flex gap-3">
        <Skeleton className="size-9 rounded-md" />
        <div className="flex flex-1 flex-col gap-2 pt-1">
          <Skeleton className="h-3 w-32" />
          <Skeleton className={`h-3 ${width} opacity-60`} />
        </div>
      </div>
    ))}
  </div>
);
