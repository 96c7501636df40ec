'use client';

import type { Device } from '@lockstep/protocol';
import { WifiOff } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useNow } from '@/lib/use-now.ts';
import { useAction } from '../dialogs/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { DeviceRow } from './device-row.tsx';
import { inOrder } from './device-words.ts';
import { useDevices } from './use-devices.ts';

export function DevicesSection() {
  const t = useTranslations('settings.devices');
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  const now = useNow();
  const { list, error, refresh } = useDevices();
  const { run } = useAction({ toastErrors: true });
  const [asked, setAsked] = useState<Device | 'others' | null>(null);
  const [open, setOpen] = useState(false);

  const nameOf = ({ name, browser, system }: Device): string =>
    name ?? (browser && system ? t('browserOn', { browser, system }) : (browser ?? system ?? t('unknown')));
  const ask = (what: Device | 'others') => {
    setAsked(what);
    setOpen(true);
  };
  const revoke = () =>
    run(async () => {
      if (asked === 'others') await api.devices.revokeOthers.mutate();
      else if (asked) await api.devices.revoke.mutate({ deviceId: asked.id });
      await refresh();
      toast.success(asked === 'others' ? t('othersRevoked') : t('revoked'));
    });

  if (!list) {
    return error ? (
      <div role="alert" className="flex flex-col items-start gap-3">
        <p className="text-ink-muted">{errors(error)}</p>
        <Button onClick={() => void refresh()}>{common('tryAgain')}</Button>
      </div>
    ) : (
      <Loading label={common('loading')} />
    );
  }
  const devices = inOrder(list.devices);
  const others = devices.filter(({ current }) => !current).length + list.more;
  return (
    <>
      <p className="mb-4 text-pretty text-ink-muted">{t('text')}</p>
      {error && (
        <p
          role="status"
          className="mb-3 flex items-center gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning-ink"
        >
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {error === 'unavailable' ? t('stale') : errors(error)}
        </p>
      )}
      <ul aria-label={t('title')} className="divide-y divide-line rounded-lg border border-line">
        {devices.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            name={nameOf(device)}
            headPos={list.headPos}
            now={now}
            onChanged={refresh}
            onRevoke={() => ask(device)}
          />
        ))}
      </ul>
      {list.more > 0 && <p className="mt-3 text-ink-subtle">{t('more', { count: list.more })}</p>}
      {others > 0 ? (
        <Button variant="danger-ghost" className="mt-4 -ml-3.5" onClick={() => ask('others')}>
          {t('revokeOthers', { count: others })}
        </Button>
      ) : (
        <p className="mt-4 text-ink-subtle">{t('onlyThis')}</p>
      )}
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        danger
        title={
          asked && asked !== 'others'
            ? t('revokeTitle', { name: nameOf(asked) })
            : t('revokeOthersTitle', { count: others })
        }
        description={t('revokeText')}
        confirmLabel={t('revokeConfirm')}
        onConfirm={revoke}
      />
    </>
  );
}

const Loading = ({ label }: { label: string }) => (
  <div role="status" aria-label={label} className="divide-y divide-line rounded-lg border border-line">
    {['w-40', 'w-52', 'w-36'].map((width) => (
      <div key={width} className="flex gap-3 px-4 py-3.5">
        <Skeleton className="size-9 rounded-md" />
        <div className="flex flex-1 flex-col gap-2 py-1">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-3 w-3/5 opacity-60" />
        </div>
      </div>
    ))}
  </div>
);
