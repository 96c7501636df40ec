'use client';

import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { type DeviceVerdict, overallVerdict } from '@/lib/lab/agreement.ts';
import type { LabDevice } from '@/lib/lab/desk.ts';

const DOT: Record<DeviceVerdict, string> = {
  agree: 'bg-online',
  moving: 'bg-[oklch(0.78_0.15_80)]',
  differ: 'bg-danger',
};

const PILL: Record<DeviceVerdict, string> = {
  agree: 'border-online/40 bg-online/10',
  moving: 'border-[oklch(0.78_0.15_80)]/40 bg-warning-soft',
  differ: 'border-danger/40 bg-danger-soft',
};

/** The one light: whether every device shows what the server has. */
export function Light({ devices }: { devices: readonly LabDevice[] }) {
  const t = useTranslations('lab');
  const verdict = overallVerdict(devices.map((device) => device.verdict));
  if (!verdict) return null;
  const count = devices.filter((device) => device.verdict === verdict).length;
  return (
    <div
      role="status"
      data-testid="lab-light"
      data-verdict={verdict}
      className={cn(
        'flex h-10 items-center gap-3 rounded-full border pr-5 pl-4 font-medium text-md transition-colors duration-200',
        PILL[verdict],
      )}
    >
      <span className="relative flex size-3.5">
        {verdict !== 'agree' && (
          <span
            className={cn(
              'absolute inline-flex size-full animate-ping rounded-full opacity-60',
              DOT[verdict],
            )}
          />
        )}
        <span className={cn('relative size-3.5 rounded-full', DOT[verdict])} />
      </span>
      {t(verdict, { count })}
    </div>
  );
}

/** That of one device. */
export function Dot({ verdict }: { verdict: DeviceVerdict }) {
  const t = useTranslations('lab');
  const label = { agree: 'deviceAgree', moving: 'deviceMoving', differ: 'deviceDiffer' } as const;
  return (
    <span
      role="img"
      aria-label={t(label[verdict])}
      title={t(label[verdict])}
      className={cn('size-2.5 shrink-0 rounded-full transition-colors', DOT[verdict])}
    />
  );
}
