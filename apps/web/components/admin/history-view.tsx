'use client';

import {
  type ErrorCode,
  HISTORY_STATES,
  type HistoryPage,
  type HistoryState,
  LIMITS,
} from '@lockstep/protocol';
import { FileDown, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useRef, useState } from 'react';
import { toast } from 'sonner';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { reachNote } from '@/lib/search/reach-note.ts';
import { timeZone } from '@/lib/time-zone.ts';
import { FacetList } from '../search/facet-list.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ContextDialog, type Place, VersionsDialog } from './history-dialogs.tsx';
import { HitRow, type Names, titleOf } from './hit-row.tsx';
import { useReason } from './use-reason.ts';

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

/** Searches every conversation; nothing is shown before there is a reason, and each page is a look of its own. */
export function HistoryView() {
  const t = useTranslations('admin');
  const search = useTranslations('search');
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  const { reason, setReason, keep } = useReason();
  const [text, setText] = useState('');
  const [state, setState] = useState<HistoryState>('all');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [pages, setPages] = useState<HistoryPage[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode | null>(null);
  const [versions, setVersions] = useState<Place | null>(null);
  const [context, setContext] = useState<Place | null>(null);
  const reasonField = useRef<HTMLInputElement>(null);

  const ask = (words: string) => {
    const end = dayOf(to);
    return { reason, text: words, state, from: dayOf(from), to: end && end + DAY_MS, timeZone: timeZone() };
  };
  const look = async (words: string, cursor?: string) => {
    if (reason.trim() === '') return reasonField.current?.focus();
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void look(text);
  };
  const toggle = (filter: string) => {
    const words = (text.includes(filter) ? text.replace(filter, '') : `${text} ${filter}`)
      .replace(/\s+/g, ' ')
      .trim();
    setText(words);
    void look(words);
  };
  const exportIt = async () => {
    try {
      await api.admin.createExport.mutate(ask(text));
      toast.success(t('exportAsked'));
    } catch (thrown) {
      toast.error(errors(errorOf(thrown).code));
    }
  };

  const names = namesOf(pages ?? []);
  const hits = pages?.flatMap((page) => page.hits) ?? [];
  const next = pages?.at(-1)?.next ?? null;
  const facets = pages?.[0]?.facets ?? null;
  const note = pages?.[0] ? reachNote(pages[0].reach) : null;
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
          <Input
            data-testid="query"
            aria-label={t('query')}
            placeholder={t('queryHint')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="min-w-0 flex-1 max-md:basis-full"
          />
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
            disabled={reason.trim() === ''}
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
            disabled={reason.trim() === ''}
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
          {search(note)}
        </p>
      )}
      {facets && facets.total.count > 0 && (
        <div className="mt-4 grid gap-4 md:grid-cols-2" data-testid="facets">
          <FacetList
            title={search('people')}
            first={4}
            onToggle={(id) => toggle(`from:<@${id}>`)}
            items={facets.people.map(({ userId, count }) => {
              const label = names.people.get(userId)?.name ?? '?';
              return {
                id: userId,
                label,
                icon: <Avatar id={userId} name={label} size="xs" />,
                count,
                selected: text.includes(`from:<@${userId}>`),
              };
            })}
          />
          <FacetList
            title={search('conversations')}
            first={4}
            onToggle={(id) => toggle(`in:<#${id}>`)}
            items={facets.conversations.map(({ conversationId: id, count }) => ({
              id,
              label: titleOf(names, id),
              count,
              selected: text.includes(`in:<#${id}>`),
            }))}
          />
        </div>
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
        <ol aria-label={t('results')} className="mt-4 divide-y divide-line rounded-lg border border-line">
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
        <Button className="mt-4" busy={busy} onClick={() => void look(text, next)}>
          {common('loadMore')}
        </Button>
      )}
      {context && (
        <ContextDialog
          place={context}
          reason={reason}
          onClose={() => setContext(null)}
          onVersions={setVersions}
        />
      )}
      {versions && <VersionsDialog place={versions} reason={reason} onClose={() => setVersions(null)} />}
    </>
  );
}
