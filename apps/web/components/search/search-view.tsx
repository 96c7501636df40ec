'use client';

import type { SearchProblemCode } from '@lockstep/protocol';
import { hitKey, namesIn } from '@lockstep/search/device';
import { ChevronLeft, X } from 'lucide-react';
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { messagePath, navigate, SEARCH_PATH } from '@/lib/navigation.ts';
import { commit, type Draft, draftText, EMPTY, readDraft } from '@/lib/search/draft.ts';
import { groupHits, type Item } from '@/lib/search/group-hits.ts';
import { useConnection, useEngine, useSync } from '@/lib/sync/index.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { EmptySearch, focusFirst } from './empty-search.tsx';
import { FacetsBeside, FacetsSheet, hasFacets } from './facets.tsx';
import { QueryField } from './query-field.tsx';
import { RESULTS_ID, Results, resultId } from './results.tsx';
import { useSearch } from './search-provider.tsx';
import { useNames } from './use-names.ts';
import { useSuggestions } from './use-suggestions.tsx';

/** The search: beside the list on wide screens, all of the screen on phones. */
export function SearchView() {
  const t = useTranslations('search');
  const { session, close: leave } = useSearch();
  const engine = useEngine();
  const state = useSyncExternalStore(session.subscribe, session.getState, session.getState);
  const field = useRef<HTMLInputElement>(null);
  const { clauseLabel } = useNames();
  const { items: suggestions, eager } = useSuggestions(state.draft);
  const [filtering, setFiltering] = useState(false);
  const connection = useConnection();
  const inbox = useSync((all) => all.inbox);
  const text = draftText(state.draft);

  // The address has the query, so that it can be shared and loaded again; while one is here, it follows the field.
  useEffect(() => {
    const asked = new URLSearchParams(window.location.search).get('q');
    if (asked !== null && asked !== session.text)
      session.setDraft(readDraft(asked, namesIn(session.engine.getState())), false);
    else void session.refresh();
    if (session.getState().selected === null) field.current?.focus();
    else document.getElementById(RESULTS_ID)?.focus();
  }, [session]);
  // Rule 9: fetch the searches of other devices, in case a push was lost.
  useEffect(() => engine.refreshSearches(), [engine]);
  useEffect(() => {
    const path = text ? `${SEARCH_PATH}?q=${encodeURIComponent(text)}` : SEARCH_PATH;
    if (window.location.pathname + window.location.search === path) return;
    window.history.replaceState(window.history.state, '', path);
  }, [text]);
  useEffect(() => {
    if (connection === 'online' && session.getState().status === 'away') session.retry();
  }, [connection, session]);

  // Refresh the results after a new message, an edit or a recall in one of their conversations.
  const heads = state.hits
    .map(({ message }) => inbox.get(message.conversationId)?.conversation.headRev)
    .join();
  const seen = useRef(heads);
  useEffect(() => {
    if (seen.current === heads) return;
    seen.current = heads;
    const timer = setTimeout(() => void session.refresh(), 300);
    return () => clearTimeout(timer);
  }, [heads, session]);

  const onDraft = useCallback(
    (draft: Draft, typing: boolean) =>
      session.setDraft(commit(draft, namesIn(session.engine.getState())), typing),
    [session],
  );
  // Rule 10: also hide earlier hits of conversations the user has been removed from.
  const items = useMemo((): Item[] => {
    const ownHits = state.hits.filter(({ message }) => inbox.has(message.conversationId));
    return state.grouped ? groupHits(ownHits, session.pageOf) : ownHits.map((hit) => ({ hit }));
  }, [state.hits, state.grouped, inbox, session]);
  const hits = items.flatMap((item) => ('hit' in item ? [item.hit] : []));
  const narrow = { state, onDraft: (draft: Draft) => onDraft(draft, false) };
  const note = () => text && engine.changeSearches({ do: 'note', text });
  const close = () => {
    if (hits.length > 0) note();
    leave();
  };
  const open = (key: string) => {
    const hit = hits.find(({ message }) => hitKey(message) === key);
    if (!hit) return;
    note();
    session.select(key);
    navigate(messagePath(hit.message.conversationId, hit.message.seq), 'push', { from: SEARCH_PATH });
  };
  const onKey = (event: KeyboardEvent) => {
    if (state.status === 'idle' && event.key === 'ArrowDown' && focusFirst()) return event.preventDefault();
    const at = hits.findIndex(({ message }) => hitKey(message) === state.selected);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) {
      const hit = hits[Math.min(to, hits.length - 1)];
      session.select(to < 0 || !hit ? null : hitKey(hit.message));
      if (to < 0) field.current?.focus();
    } else if (event.key === 'Enter') {
      const first = hits[Math.max(at, 0)];
      if (first) open(hitKey(first.message));
      else {
        note();
        session.settle();
      }
    } else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  };

  // Do not report problems of the part being typed.
  const problems = state.problems.filter(
    ({ code, to }) =>
      !(state.typing && UNFINISHED.has(code) && to >= text.length && !/\s$/u.test(state.draft.words)),
  );
  return (
    <main className="flex min-h-0 flex-1 flex-col" data-testid="search" data-status={state.status}>
      <header className="flex min-h-14 shrink-0 items-center gap-2 border-line border-b px-4 py-2 max-md:pt-[max(0.5rem,env(safe-area-inset-top))] md:px-5">
        <h1 className="sr-only">{t('title')}</h1>
        <IconButton label={t('back')} onClick={close} className="-ml-2 md:hidden">
          <ChevronLeft aria-hidden className="size-5.5" />
        </IconButton>
        <QueryField
          inputRef={field}
          draft={state.draft}
          onDraft={onDraft}
          chipLabel={clauseLabel}
          suggestions={suggestions}
          eager={eager}
          onKey={onKey}
          activeId={state.selected ? resultId(state.selected) : undefined}
          resultsId={RESULTS_ID}
        />
        <IconButton label={t('back')} onClick={close} className="-mr-1.5 max-md:hidden">
          <X aria-hidden className="size-4.5" />
        </IconButton>
      </header>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          {problems.length > 0 && (
            <ul className="flex flex-col gap-1 border-line border-b bg-warning-soft px-5 py-2 text-sm text-warning-ink">
              {problems.map(({ code, text: part, from, suggestion }) => (
                <li key={`${code}-${from}`} data-testid="search-problem" className="[overflow-wrap:anywhere]">
                  {t(code, { text: `“${part}”` })}{' '}
                  {suggestion && code === 'unknown_filter' && (
                    <Button
                      variant="link"
                      size="inline"
                      className="text-inherit underline"
                      onClick={() =>
                        session.setDraft(
                          readDraft(text.replace(part, suggestion), namesIn(session.engine.getState())),
                          false,
                        )
                      }
                    >
                      {t('use', { suggestion })}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
          {state.status === 'idle' ? (
            <EmptySearch
              onFilter={(word) => {
                session.setDraft({ ...EMPTY, words: word }, true);
                field.current?.focus();
              }}
              onSearch={(query) => {
                session.setDraft(readDraft(query, namesIn(session.engine.getState())), false);
                field.current?.focus();
              }}
              onLeave={() => field.current?.focus()}
            />
          ) : (
            <Results
              session={session}
              state={state}
              items={items}
              onOpen={open}
              onKey={onKey}
              onDraft={narrow.onDraft}
              onFilters={hasFacets(state) ? () => setFiltering(true) : null}
            />
          )}
        </div>
        <FacetsBeside {...narrow} />
        <FacetsSheet {...narrow} open={filtering} onOpenChange={setFiltering} />
      </div>
    </main>
  );
}

/** Problems that disappear when the user types on. */
const UNFINISHED: ReadonlySet<SearchProblemCode> = new Set([
  'unclosed_quote',
  'empty_filter',
  'unknown_value',
  'bad_date',
  'no_letters',
  'unknown_person',
  'unknown_conversation',
]);
