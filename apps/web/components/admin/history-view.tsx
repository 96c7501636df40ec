'use client';

import {
  type ErrorCode,
  HISTORY_STATES,
  type HistoryPage,
  type HistoryState,
  isVisibleName,
  LIMITS,
} from '@lockstep/protocol';
import { FileDown, Search } from 'lucide-react';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { type Draft, draftText, toggled } from '@/lib/search/draft.ts';
import { reachNote } from '@/lib/search/reach-note.ts';
import { timeZone } from '@/lib/time-zone.ts';
import { FacetFilters } from '../search/facet-filters.tsx';
import { FiltersButton, FiltersSheet } from '../search/filters-sheet.tsx';
import { QueryField } from '../search/query-field.tsx';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ContextDialog, type MessageRef, VersionsDialog } from './history-dialogs.tsx';
import { HitRow, type Names, titleOf } from './hit-row.tsx';
import { useHistoryQuery } from './use-history-query.tsx';
import { useReason } from './use-reason.ts';

const RESULTS_ID = 'history-results';
const DAY_MS = 24 * 60 * 60 * 1_000;
const dayOf = (value: string): number | null => (value ? new Date(`${value}T00:00`).getTime() : null);

const namesOf = (pages: HistoryPage[]): Names => ({
  people: new Map(
    pages
      .flatMap(({ people, facets }) => [...people, ...(facets?.persons ?? [])])
      .map((one) => [one.id, one]),
  ),
  conversations: new Map(pages.flatMap(({ conversations }) => conversations).map((one) => [one.id, one])),
  directs: Object.assign({}, ...pages.map(({ directs }) => directs)),
});

interface DayFieldProps {
  id: string;
  label: string;
  /** `2008-10-02`, or nothing. */
  value: string;
  onChange: (value: string) => void;
}

const DayField = ({ id, label, value, onChange }: DayFieldProps) => (
  <label
    htmlFor={id}
    className="flex min-w-0 items-center gap-2 max-md:flex-col max-md:items-stretch max-md:gap-1"
  >
    {label}
    <Input
      id={id}
      type="date"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="w-40 min-w-0 max-md:w-full"
    />
  </label>
);

/** Searches every conversation; nothing is shown without a reason, and each page has its own audit row. */
export function HistoryView() {
  const t = useTranslations('admin');
  const ofSearch = useTranslations('search');
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  const { reason, setReason, keep } = useReason();
  const [state, setState] = useState<HistoryState>('all');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [pages, setPages] = useState<HistoryPage[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode | null>(null);
  const [versions, setVersions] = useState<MessageRef | null>(null);
  const [context, setContext] = useState<MessageRef | null>(null);
  const [filtering, setFiltering] = useState(false);
  const reasonField = useRef<HTMLInputElement>(null);
  const queryField = useRef<HTMLInputElement>(null);
  const names = useMemo(() => namesOf(pages ?? []), [pages]);
  const { draft, read, setDraft, clauseLabel, suggestions } = useHistoryQuery(names);

  const ask = (words: Draft) => {
    const end = dayOf(to);
    return {
      reason,
      text: draftText(words),
      state,
      from: dayOf(from),
      to: end && end + DAY_MS,
      timeZone: timeZone(),
    };
  };
  const runSearch = async (words: Draft, cursor?: string) => {
    if (!isVisibleName(reason)) return reasonField.current?.focus();
    setBusy(true);
    setError(null);
    try {
      const page = await api.admin.search.mutate({ ...ask(words), ...(cursor ? { cursor } : {}) });
      keep(reason);
      setPages((before) => (cursor ? [...(before ?? []), page] : [page]));
    } catch (thrown) {
      setError(errorOf(thrown).code);
    } finally {
      setBusy(false);
    }
  };
  const search = (words: Draft) => {
    setDraft(words);
    void runSearch(words);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(read(draftText(draft)));
  };
  const exportIt = async () => {
    try {
      await api.admin.createExport.mutate(ask(draft));
      toast.success(t('exportAsked'));
    } catch (thrown) {
      toast.error(errors(errorOf(thrown).code));
    }
  };

  const hits = pages?.flatMap((page) => page.hits) ?? [];
  const next = pages?.at(-1)?.next ?? null;
  const facets = pages?.[0]?.facets ?? null;
  const note = pages?.[0] ? reachNote(pages[0].reach) : null;
  const narrowing = facets && (
    <FacetFilters
      facets={facets}
      draft={draft}
      onToggle={(clause) => search(toggled(draft, clause))}
      person={(id) => names.people.get(id)}
      conversationName={(id) => titleOf(names, id)}
      first={4}
    />
  );
  return (
    <>
      <h1 className="sr-only">{t('tabs.history')}</h1>
      <form onSubmit={submit} className="flex flex-col gap-3 rounded-lg border border-line bg-canvas p-4">
        <label htmlFor="admin-reason" className="block">
          <span className="mb-1 block font-medium text-sm">{t('reason')}</span>
          <Input
            id="admin-reason"
            ref={reasonField}
            data-testid="reason"
            value={reason}
            maxLength={LIMITS.reason}
            placeholder={t('reasonHint')}
            onChange={(event) => setReason(event.target.value)}
            required
          />
        </label>
        <div className="flex flex-wrap gap-2">
          <div className="min-w-0 flex-1 max-md:basis-full">
            <QueryField
              inputRef={queryField}
              label={t('query')}
              draft={draft}
              onDraft={setDraft}
              chipLabel={clauseLabel}
              suggestions={suggestions}
              eager
              // Enter sends the form.
              onKey={() => {}}
              resultsId={RESULTS_ID}
              className="bg-raised ring-1 ring-line-strong ring-inset focus-within:ring-inset"
            />
          </div>
          <Select
            aria-label={t('state')}
            value={state}
            onChange={(event) => setState(event.target.value as HistoryState)}
            className="w-40 max-md:flex-1"
          >
            {HISTORY_STATES.map((value) => (
              <option key={value} value={value}>
                {t(`states.${value}`)}
              </option>
            ))}
          </Select>
          <Button
            type="submit"
            variant="primary"
            className="h-10 max-md:flex-1"
            busy={busy}
            disabled={!isVisibleName(reason)}
          >
            <Search aria-hidden className="size-4" />
            {t('search')}
          </Button>
        </div>
        <div className="grid grid-cols-2 gap-2 text-ink-muted text-sm md:flex md:items-center md:gap-3">
          <DayField id="admin-from" label={t('from')} value={from} onChange={setFrom} />
          <DayField id="admin-to" label={t('to')} value={to} onChange={setTo} />
          <Button
            variant="ghost"
            className="max-md:col-span-2 md:ml-auto"
            disabled={!isVisibleName(reason)}
            onClick={() => void exportIt()}
          >
            <FileDown aria-hidden className="size-4" />
            {t('export')}
          </Button>
        </div>
      </form>
      {error && (
        <p role="alert" className="mt-4 rounded-md bg-danger-soft px-3 py-2 text-danger-ink">
          {errors(error)}
        </p>
      )}
      {pages?.[0]?.problems.map(({ from: at, text: part }) => (
        <p key={at} className="mt-3 text-sm text-warning-ink">
          {t('problem', { text: part })}
        </p>
      ))}
      {note && (
        <p role="status" data-testid="reach" className="mt-3 text-sm text-warning-ink">
          {ofSearch(note)}
        </p>
      )}
      {facets && (facets.total.count > 0 || draft.chips.length > 0) && (
        <>
          <div className="mt-4 flex min-h-9 items-center justify-between gap-2 pl-2 text-ink-subtle text-sm">
            <span className="tabular-nums" data-testid="history-count">
              {ofSearch(facets.total.capped ? 'resultsCapped' : 'results', { count: facets.total.count })}
            </span>
            <FiltersButton
              count={draft.chips.length}
              onClick={() => setFiltering(true)}
              className="md:hidden"
            />
          </div>
          <div className="mt-2 grid gap-4 max-md:hidden md:grid-cols-2" data-testid="facets">
            {narrowing}
          </div>
          <FiltersSheet
            open={filtering}
            onOpenChange={setFiltering}
            total={busy ? null : facets.total}
            onClear={draft.chips.length > 0 ? () => search({ ...draft, chips: [] }) : null}
            className="flex flex-col gap-5"
          >
            {narrowing}
          </FiltersSheet>
        </>
      )}
      {!pages && !busy && <p className="mt-10 text-center text-ink-muted">{t('historyEmpty')}</p>}
      {busy && !pages && (
        <div role="status" aria-label={common('loading')} className="mt-4 space-y-3">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      )}
      {pages && hits.length === 0 && !busy && (
        <p className="mt-10 text-center text-ink-muted">{t('nothing')}</p>
      )}
      {hits.length > 0 && (
        <ol
          id={RESULTS_ID}
          aria-label={t('results')}
          className="mt-4 divide-y divide-line rounded-lg border border-line"
        >
          {hits.map((hit) => {
            const { conversationId, seq } = hit.message;
            return (
              <HitRow
                key={`${conversationId} ${seq}`}
                hit={hit}
                names={names}
                onContext={() => setContext({ conversationId, seq })}
                onVersions={() => setVersions({ conversationId, seq })}
              />
            );
          })}
        </ol>
      )}
      {next && (
        <Button className="mt-4" busy={busy} onClick={() => void runSearch(draft, next)}>
          {common('loadMore')}
        </Button>
      )}
      {context && (
        <ContextDialog
          message={context}
          reason={reason}
          onClose={() => setContext(null)}
          onVersions={setVersions}
        />
      )}
      {versions && <VersionsDialog message={versions} reason={reason} onClose={() => setVersions(null)} />}
    </>
  );
}
