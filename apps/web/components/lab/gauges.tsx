'use client';

import { Crown, HardDrive, MemoryStick } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import type { Report } from '@/lib/lab/messages.ts';
import { Tooltip } from '../ui/tooltip.tsx';

/** Digits of a digest that are shown: enough to see two differ. */
const DIGITS = 8;

function Gauge({ name, hint, children }: { name: string; hint: string; children: string }) {
  return (
    <Tooltip label={hint}>
      <span className="whitespace-nowrap">
        <span className="text-ink-subtle">{name} </span>
        <span data-gauge={name}>{children}</span>
      </span>
    </Tooltip>
  );
}

/** The state of a device in one line. */
export function Gauges({ report, server }: { report: Report | null; server: string | null }) {
  const t = useTranslations('lab');
  if (!report) return null;
  const { pos, outbox, lag, digest, storage, leader } = report.inspection;
  const waiting = outbox.pending + outbox.sending;
  const agrees = digest.overall === server;
  const Storage = storage === 'disk' ? HardDrive : MemoryStick;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3 overflow-hidden font-mono text-ink-muted text-xs tabular-nums">
      <Gauge name={t('pos')} hint={t('posHint')}>{`${pos}`}</Gauge>
      <Gauge name={t('rev')} hint={t('revHint')}>{`${report.rev ?? '–'}`}</Gauge>
      <Gauge name={t('outbox')} hint={t('outboxHint')}>
        {outbox.failed > 0 ? `${waiting}+${outbox.failed}!` : `${waiting}`}
      </Gauge>
      <Gauge name={t('lag')} hint={t('lagHint')}>
        {/* The server's clock is known to within the delay of the handshake: what seems to come early came at once. */}
        {lag === null ? '–' : t('ms', { count: Math.round(lag) })}
      </Gauge>
      <span className="flex-1" />
      <Tooltip label={t(storage)}>
        <Storage aria-label={t(storage)} className="size-3.5 shrink-0 text-ink-subtle" />
      </Tooltip>
      {leader && (
        <Tooltip label={t('leader')}>
          <Crown aria-label={t('leader')} className="size-3.5 shrink-0 text-ink-subtle" />
        </Tooltip>
      )}
      <Tooltip label={t('digest', { server: server?.slice(0, DIGITS) ?? '–' })}>
        <span
          data-gauge="digest"
          className={cn('rounded-sm px-1', agrees ? 'text-ink-muted' : 'bg-warning-soft text-warning-ink')}
        >
          {digest.overall.slice(0, DIGITS)}
        </span>
      </Tooltip>
    </div>
  );
}
