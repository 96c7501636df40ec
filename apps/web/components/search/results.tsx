'use client';

import type { SearchClause } from '@lockstep/protocol';
import { hitKey } from '@lockstep/search/device';
import { CloudOff, Search, Star } from 'lucide-react';
import { useLocale } from 'next-intl';
import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { listTime } from '@/lib/list-time.ts';
import { messagePath } from '@/lib/navigation.ts';
import { type Draft, has, toggled } from '@/lib/search/draft.ts';
import { excerptOf } from '@/lib/search/excerpt.ts';
import type { Item } from '@/lib/search/group-hits.ts';
import { reachNote } from '@/lib/search/reach-note.ts';
import type { SearchSession, SearchState } from '@/lib/search/session.ts';
import { useEngine, useRemembered } from '@/lib/sync/index.ts';
import { useNow } from '@/lib/use-now.ts';
import { PlaceholderTag } from '../people/person-tags.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { FiltersButton } from './filters-sheet.tsx';
import { ResultRow } from './result-row.tsx';
import { useNames } from './use-names.ts';
import { ViewMenu } from './view-menu.tsx';

export const RESULTS_ID = 'search-results';
export const resultId = (key: string): string => `hit-${key.replace('/', '-')}`;

interface ResultsProps {
  session: SearchSession;
  state: SearchState;
  /** In the order in which they stand, with headings between them. */
  items: readonly Item[];
  onOpen: (key: string) => void;
  onKey: (event: KeyboardEvent) => void;
  onDraft: (draft: Draft) => void;
  /** Opens what stands beside the results where there is room; null where there is nothing. */
  onFilters: (() => void) | null;
}

/** What was found, or why there is nothing. */
export function Results({ session, state, items, onOpen, onKey, onFilters, onDraft }: ResultsProps) {
  const t = useTranslations('search');
  const shell = useTranslations('shell');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const locale = useLocale();
  const now = useNow();
  const { personName, isPlaceholder, conversationNameOf: placeOf } = useNames();
  const list = useRef<VListHandle>(null);
  const { grouped, selected, status, facets } = state;
  const note = state.reach && reachNote(state.reach);

  const chosen = items.findIndex((item) => 'hit' in item && hitKey(item.hit.message) === selected);

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
  if (items.length === 0) {
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
      return <Heading key={item.key} id={item.heading} state={state} onDraft={onDraft} />;
    const { message, marks } = item.hit;
    const key = hitKey(message);
    return (
      <ResultRow
        key={key}
        id={resultId(key)}
        href={messagePath(message.conversationId, message.seq)}
        sender={{ id: message.senderId, name: personName(message.senderId) ?? common('someone') }}
        note={isPlaceholder(message.senderId) ? <PlaceholderTag /> : undefined}
        conversation={grouped ? undefined : placeOf(message)}
        time={{
          at: message.createdAt,
          text: listTime(message.createdAt, now, locale, shell('timeYesterday')),
        }}
        excerpt={excerptOf(message.body ?? '', marks, (id) => personName(id) ?? common('someone'))}
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
          ) : facets && status === 'done' ? (
            t(facets.total.capped ? 'resultsCapped' : 'results', { count: facets.total.count })
          ) : (
            t('results', { count: items.filter((item) => 'hit' in item).length })
          )}
        </span>
        {state.fuzzy && <span>{t('forgiven')}</span>}
        {note && (
          <span data-testid="reach" className="text-warning-ink">
            {t(note)}
          </span>
        )}
        <span className="-mr-2 ml-auto flex items-center gap-1">
          <SaveButton text={session.text} />
          <ViewMenu state={state} onDraft={onDraft} onGrouped={(next) => session.setGrouped(next)} />
          {onFilters && (
            <FiltersButton count={state.draft.chips.length} onClick={onFilters} className="lg:hidden" />
          )}
        </span>
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

/** The conversation of the hits below, and the way to all of them. */
const Heading = ({
  id,
  state: { draft, facets },
  onDraft,
}: {
  id: string;
  state: SearchState;
  onDraft: (draft: Draft) => void;
}) => {
  const t = useTranslations('search');
  const { conversationName } = useNames();
  const title = conversationName(id) ?? t('somewhere');
  const within: SearchClause = { kind: 'in', where: { id }, not: false };
  const count = facets?.conversations.find((one) => one.conversationId === id)?.count;
  return (
    <div className="flex min-h-10 items-end gap-2 px-3 pt-3 pb-1 max-md:min-h-13">
      <h2 className="min-w-0 truncate font-semibold text-ink-muted text-sm" dir="auto">
        {title}
      </h2>
      {count !== undefined && <span className="text-ink-subtle text-sm tabular-nums">{count}</span>}
      {!has(draft, within) && (
        <Button
          variant="link"
          size="inline"
          className="ml-auto text-sm"
          onClick={() => onDraft(toggled(draft, within))}
        >
          {t('more', { title })}
        </Button>
      )}
    </div>
  );
};

/** Keeps the search as it stands, or lets go of it. */
const SaveButton = ({ text }: { text: string }) => {
  const t = useTranslations('search');
  const engine = useEngine();
  const saved = useRemembered().saved.some((one) => one.text === text);
  return (
    <IconButton
      label={t(saved ? 'unsave' : 'save')}
      size="icon-sm"
      className="ml-auto"
      aria-pressed={saved}
      data-testid="search-save"
      onClick={() => engine.changeSearches(saved ? { do: 'unsave', text } : { do: 'save', text, name: null })}
    >
      <Star aria-hidden className={cn('size-4', saved && 'fill-current text-accent-ink')} />
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
