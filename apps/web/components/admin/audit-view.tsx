'use client';

import type { AuditPage, AuditReport, ErrorCode } from '@lockstep/protocol';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useFormatter } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { cn } from '@/lib/cn.ts';
import { errorOf } from '@/lib/error-of.ts';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Input } from '../ui/input.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { SavedCheckbox } from './saved-checkbox.tsx';

/** `n:hash`, as it is copied. */
const readHead = (text: string) => {
  const [, n, hash = ''] = /^\s*(\d+):([0-9a-f]{64})\s*$/.exec(text) ?? [];
  return n === undefined ? null : { n: Number(n), hash };
};

/** The parameters that were set. */
const askedText = (asked: Record<string, unknown>): string =>
  Object.entries(asked)
    .filter(([, value]) => value !== null && value !== '' && value !== false)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');

/** Every access by every admin, and whether the chain is intact. */
export function AuditView() {
  const t = useTranslations('admin');
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  const format = useFormatter();
  const [pages, setPages] = useState<AuditPage[]>([]);
  const [notices, setNotices] = useState<boolean | null>(null);
  const [authorOnly, setAuthorOnly] = useState(false);
  const [report, setReport] = useState<AuditReport | null>(null);
  const [kept, setKept] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode | null>(null);

  const load = useCallback(async (before?: number) => {
    setError(null);
    try {
      const page = await api.admin.audit.query(before ? { before } : {});
      setNotices(page.tellLooks);
      setAuthorOnly(page.earlierTexts === 'author');
      setPages((known) => (before ? [...known, page] : [page]));
    } catch (thrown) {
      setError(errorOf(thrown).code);
    }
  }, []);
  useEffect(() => void load(), [load]);

  const onError = (thrown: unknown) => setError(errorOf(thrown).code);
  const verify = async () => {
    setBusy(true);
    const head = readHead(kept);
    try {
      setReport(await api.admin.verifyAudit.mutate(head ? { kept: head } : {}));
    } catch (thrown) {
      setError(errorOf(thrown).code);
    } finally {
      setBusy(false);
    }
  };

  const entries = pages.flatMap((page) => page.entries);
  const head = pages[0]?.head;
  const faulty = new Map(report?.faults.map(({ n, kind }) => [n, kind]));
  const whole =
    report &&
    report.faults.length === 0 &&
    report.kept !== false &&
    report.otherKey === 0 &&
    report.witnesses.lost.length === 0;
  return (
    <>
      <h1 className="sr-only">{t('tabs.audit')}</h1>
      <section className="flex flex-col gap-3 rounded-lg border border-line bg-canvas p-4">
        <p className="text-ink-muted">{t('auditText')}</p>
        {head && (
          <div className="flex flex-wrap items-center gap-2">
            <span className="font-medium text-sm">{t('head')}</span>
            <code
              data-testid="head"
              className="min-w-0 flex-1 truncate rounded-md bg-sunken px-2 py-1 text-sm"
            >
              {head.n}:{head.hash}
            </code>
            <CopyButton text={`${head.n}:${head.hash}`} size="sm" />
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <Input
            aria-label={t('keptHead')}
            placeholder={t('keptHead')}
            value={kept}
            onChange={(event) => setKept(event.target.value)}
            aria-invalid={kept.trim() !== '' && readHead(kept) === null}
            className="min-w-0 flex-1 max-md:basis-full"
          />
          <Button busy={busy} onClick={() => void verify()} disabled={kept.trim() !== '' && !readHead(kept)}>
            {t('verify')}
          </Button>
        </div>
        {notices !== null && (
          <>
            <SavedCheckbox
              id="tell-looks"
              label={t('tellLooks')}
              checked={notices}
              onChecked={setNotices}
              save={(next) => api.admin.setTellLooks.mutate({ tell: next }).then(() => load())}
              onError={onError}
            />
            <SavedCheckbox
              id="author-only"
              label={t('authorOnly')}
              checked={authorOnly}
              onChecked={setAuthorOnly}
              save={(next) =>
                api.admin.setEarlierTexts.mutate({ readers: next ? 'author' : 'members' }).then(() => load())
              }
              onError={onError}
            />
          </>
        )}
        {report && (
          <div
            role="status"
            data-testid="report"
            className={cn(
              'flex gap-2.5 rounded-md px-3 py-2',
              whole ? 'bg-accent-soft text-accent-ink' : 'bg-danger-soft text-danger-ink',
            )}
          >
            {whole ? (
              <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
            ) : (
              <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            )}
            <div>
              <p className="font-medium">
                {whole ? t('whole', { count: report.rows }) : t('notWhole', { count: report.rows })}
              </p>
              {report.kept === false && <p>{t('keptLost')}</p>}
              {report.otherKey > 0 && <p>{t('otherKey', { count: report.otherKey })}</p>}
              {report.witnesses.lost.length > 0 ? (
                <p>
                  {t('witnessesLost', {
                    count: report.witnesses.lost.length,
                    numbers: report.witnesses.lost.join(', '),
                  })}
                </p>
              ) : (
                <p>{t('witnesses', { count: report.witnesses.heads })}</p>
              )}
              <ul>
                {report.faults.map(({ n, kind }) => (
                  <li key={`${n} ${kind}`}>{t(`faults.${kind}`, { n })}</li>
                ))}
              </ul>
            </div>
          </div>
        )}
      </section>
      {error && (
        <div
          role="alert"
          className="mt-4 flex items-center gap-3 rounded-md bg-danger-soft px-3 py-2 text-danger-ink"
        >
          <p className="flex-1">{errors(error)}</p>
          <Button size="sm" onClick={() => void load()}>
            {common('tryAgain')}
          </Button>
        </div>
      )}
      {!pages.length && !error && (
        <div role="status" aria-label={common('loading')} className="mt-4 space-y-3">
          <Skeleton className="h-12 w-full" />
          <Skeleton className="h-12 w-full" />
        </div>
      )}
      {pages.length > 0 && entries.length === 0 && (
        <p className="mt-10 text-center text-ink-muted">{t('auditEmpty')}</p>
      )}
      {entries.length > 0 && (
        <ol className="mt-4 divide-y divide-line rounded-lg border border-line">
          {entries.map((entry) => (
            <li
              key={entry.n}
              data-testid="audit-entry"
              data-n={entry.n}
              className={cn('flex gap-3 px-4 py-3', faulty.has(entry.n) && 'bg-danger-soft')}
            >
              <span className="w-10 shrink-0 text-right text-ink-subtle text-sm tabular-nums">{entry.n}</span>
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-baseline gap-x-2">
                  <span className="font-semibold">{entry.actorName}</span>
                  <Tag>{t(`actions.${entry.action}`)}</Tag>
                  <time
                    dateTime={new Date(entry.at).toISOString()}
                    className="text-ink-subtle text-sm tabular-nums"
                  >
                    {format.dateTime(entry.at, { dateStyle: 'medium', timeStyle: 'medium' })}
                  </time>
                </p>
                {entry.reason && <p className="break-words">{entry.reason}</p>}
                <p className="break-words font-mono text-ink-muted text-xs">{askedText(entry.asked)}</p>
                <p className="text-ink-subtle text-sm">
                  {[t('answered', { count: entry.answered }), entry.device, entry.address]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
      {pages.at(-1)?.hasMore && (
        <Button className="mt-4" onClick={() => void load(entries.at(-1)?.n)}>
          {common('loadMore')}
        </Button>
      )}
    </>
  );
}
