'use client';

import { commands, type Device, LIMITS } from '@lockstep/protocol';
import { LogOut } from 'lucide-react';
import { useFormatter } from 'next-intl';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { cn } from '@/lib/cn.ts';
import { EditableLine } from '../dialogs/editable-line.tsx';
import { Tag } from '../ui/badge.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { behind, iconOf, isJustNow } from './device-words.ts';

interface DeviceRowProps {
  device: Device;
  name: string;
  headPos: number;
  now: number;
  onChanged: () => Promise<void>;
  onRevoke: () => void;
}

export function DeviceRow({ device, name, headPos, now, onChanged, onRevoke }: DeviceRowProps) {
  const t = useTranslations('settings.devices');
  const shell = useTranslations('shell');
  const Icon = iconOf(device);
  const rename = async (value: string) => {
    await api.devices.rename.mutate({ deviceId: device.id, name: value.trim() });
    await onChanged();
  };
  return (
    <li data-testid="device" data-device={device.id} className="flex gap-3 px-4 py-3.5">
      <span className="relative mt-0.5 flex size-9 shrink-0 items-center justify-center rounded-md bg-sunken text-ink-muted">
        <Icon aria-hidden className="size-4.5" />
        {device.online && (
          <span className="-right-0.5 -bottom-0.5 absolute size-3 rounded-full border-2 border-surface bg-online" />
        )}
      </span>
      <div className="min-w-0 flex-1">
        <EditableLine
          label={t('rename', { name })}
          value={device.name ?? ''}
          mayEdit
          maxLength={LIMITS.deviceName}
          validate={(value) =>
            commands.renameDevice.shape.name.safeParse(value).success
              ? null
              : shell('titleInvalid', { max: LIMITS.deviceName })
          }
          onSave={rename}
        >
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 break-words font-medium">{name}</span>
            {device.current && <Tag className="bg-accent-soft text-accent-ink">{t('current')}</Tag>}
          </span>
        </EditableLine>
        <Facts device={device} headPos={headPos} now={now} />
      </div>
      {!device.current && (
        <IconButton size="icon-sm" label={t('revoke', { name })} onClick={onRevoke} className="-mr-1.5 -my-1">
          <LogOut aria-hidden className="size-4" />
        </IconButton>
      )}
    </li>
  );
}

/** What it runs on, when it was last there, and how far it has come. */
function Facts({ device, headPos, now }: Pick<DeviceRowProps, 'device' | 'headPos' | 'now'>) {
  const t = useTranslations('settings.devices');
  const format = useFormatter();
  const exact = (at: number) => format.dateTime(at, { dateStyle: 'full', timeStyle: 'medium' });
  const { browser, system, online, lastActiveAt, createdAt } = device;
  // Its title says so already where it has no name.
  const runsOn = device.name ? [browser, system].filter(Boolean).join(' · ') : '';
  const missing = behind(device, headPos);
  return (
    <dl className="mt-0.5 flex flex-col gap-0.5 text-ink-subtle text-sm [&_dt]:sr-only">
      {runsOn && (
        <div>
          <dt>{t('runsOn')}</dt>
          <dd>{runsOn}</dd>
        </div>
      )}
      <div className="flex gap-x-1.5 max-md:flex-col max-md:gap-y-0.5">
        <dt>{t('lastActive')}</dt>
        <dd>
          {online ? (
            <span className="text-ink-muted">{t('activeNow')}</span>
          ) : (
            <time dateTime={new Date(lastActiveAt).toISOString()} title={exact(lastActiveAt)}>
              {isJustNow(lastActiveAt, now)
                ? t('activeJustNow')
                : t('active', { when: format.relativeTime(lastActiveAt, now) })}
            </time>
          )}
        </dd>
        <span aria-hidden className="max-md:hidden">
          ·
        </span>
        <dt>{t('place')}</dt>
        <dd data-testid="device-place" className={cn(missing > 0 && 'text-warning-ink')}>
          {t('behind', { count: missing })}
        </dd>
      </div>
      <div>
        <dt>{t('signedIn')}</dt>
        <dd>
          <time dateTime={new Date(createdAt).toISOString()} title={exact(createdAt)}>
            {t('since', { date: format.dateTime(createdAt, { dateStyle: 'long' }) })}
          </time>
        </dd>
      </div>
    </dl>
  );
}
