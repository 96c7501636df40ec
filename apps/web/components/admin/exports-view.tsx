'use client';

import type { ErrorCode, HistoryExport } from '@lockstep/protocol';
import { Download } from 'lucide-react';
import { useFormatter } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { cn } from '@/lib/cn.ts';
import { errorOf } from '@/lib/error-of.ts';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** While something is being written, in ms. */
const REFRESH_MS = 1_000;
/** By the code at the start of the error. */
const CAUSES = [
  [/^(ENOSPC|EDQUOT|53100)/, 'diskFull'],
  [/^(EACCES|EPERM|EROFS)/, 'notWritable'],
  [/^INDEX_AWAY/, 'indexAway'],
] as const;
const isOpen = ({ status }: HistoryExport) => status === 'waiting' || status === 'running';

export function ExportsView() {
  const t = useTranslations('admin');
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  const format = useFormatter();
  const [list, setList] = useState<HistoryExport[] | null>(null);
  const [error, setError] = useState<ErrorCode | null>(null);
  const load = useCallback(async () => {
    try {
      setList(await api.admin.exports.query());
      setError(null);
    } catch (thrown) {
      setError(errorOf(thrown).code);
    }
  }, []);
  const open = list?.some(isOpen) ?? false;
  useEffect(() => {
    void load();
    const timer = open ? setInterval(() => void load(), REFRESH_MS) : undefined;
    return () => clearInterval(timer);
  }, [load, open]);

  const causeOf = (text: string) => {
    const [, cause] = CAUSES.find(([pattern]) => pattern.test(text)) ?? [];
    return cause ? t(`exportCauses.${cause}`) : text;
  };
  const run = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await load();
    } catch (thrown) {
      toast.error(errors(errorOf(thrown).code));
    }
  };
  const take = (job: HistoryExport, file: string) =>
    run(async () => {
      const { path } = await api.admin.downloadExport.mutate({ exportId: job.id, file, reason: job.reason });
      const link = document.createElement('a');
      link.href = path;
      link.download = file;
      link.click();
    });

  if (!list)
    return error ? (
      <div role="alert" className="flex flex-col items-start gap-3">
        <p className="text-ink-muted">{errors(error)}</p>
        <Button onClick={() => void load()}>{common('tryAgain')}</Button>
      </div>
    ) : (
      <div role="status" aria-label={common('loading')} className="space-y-3">
        <Skeleton className="h-16 w-full" />
      </div>
    );
  return (
    <>
      <h1 className="sr-only">{t('tabs.exports')}</h1>
      <p className="mb-4 text-ink-muted">{t('exportsText')}</p>
      {error && (
        <div role="alert" className="mb-4 flex items-center gap-3 rounded-md bg-danger-soft px-3 py-2">
          <p className="min-w-0 flex-1 text-danger-ink">{errors(error)}</p>
          <Button size="sm" onClick={() => void load()}>
            {common('tryAgain')}
          </Button>
        </div>
      )}
      {list.length === 0 && <p className="mt-10 text-center text-ink-muted">{t('exportsEmpty')}</p>}
      {list.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {list.map((job) => (
            <li key={job.id} data-testid="export" data-status={job.status} className="px-4 py-3">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-semibold [overflow-wrap:anywhere]">
                  {job.query.text || t('everything')}
                </span>
                <Tag className={job.status === 'failed' ? 'bg-danger-soft text-danger-ink' : ''}>
                  {t(`statuses.${job.status}`)}
                </Tag>
                <span className="text-ink-subtle text-sm">
                  {job.createdByName} ·{' '}
                  {format.dateTime(job.createdAt, { dateStyle: 'medium', timeStyle: 'short' })}
                </span>
              </p>
              <p className="break-words text-ink-muted">{job.reason}</p>
              {job.error && (
                <p
                  role={job.status === 'failed' ? 'alert' : 'status'}
                  data-testid="export-error"
                  className={cn(
                    'mt-1 [overflow-wrap:anywhere]',
                    job.status === 'failed' ? 'text-danger-ink' : 'text-warning-ink',
                  )}
                >
                  {job.status === 'failed' ? t('exportFailed') : t('exportHeld')} {causeOf(job.error)}
                  {job.retryAt !== null &&
                    ` ${t('exportRetryAt', { when: format.dateTime(job.retryAt, { timeStyle: 'medium' }) })}`}
                </p>
              )}
              {isOpen(job) ? (
                <div className="mt-2 flex items-center gap-3">
                  <progress
                    max={job.total ?? 1}
                    value={job.total ? job.done : undefined}
                    aria-label={t('progress', { count: job.done })}
                    className="h-1.5 min-w-0 flex-1 appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
                  />
                  <span className="text-sm tabular-nums">{t('progress', { count: job.done })}</span>
                  <Button
                    size="sm"
                    onClick={() => void run(() => api.admin.cancelExport.mutate({ exportId: job.id }))}
                  >
                    {common('cancel')}
                  </Button>
                </div>
              ) : (
                <p className="flex flex-wrap items-center gap-x-1 text-ink-subtle text-sm">
                  {t('progress', { count: job.done })}
                  {job.status === 'done' &&
                    job.expiresAt &&
                    ` · ${t('expires', { when: format.dateTime(job.expiresAt, { dateStyle: 'medium' }) })}`}
                  {job.status === 'failed' && (
                    <Button
                      size="sm"
                      className="ml-auto"
                      onClick={() => void run(() => api.admin.retryExport.mutate({ exportId: job.id }))}
                    >
                      {common('tryAgain')}
                    </Button>
                  )}
                </p>
              )}
              {job.files.length > 0 && (
                <div className="mt-2 flex flex-wrap gap-1.5">
                  {job.files.map(({ name, bytes, sha256 }) => (
                    <Button
                      key={name}
                      size="sm"
                      title={`SHA-256 ${sha256}`}
                      onClick={() => void take(job, name)}
                    >
                      <Download aria-hidden className="size-3.5" />
                      {name}
                      <span className="text-ink-subtle">{format.number(Math.ceil(bytes / 1_024))} KiB</span>
                    </Button>
                  ))}
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
