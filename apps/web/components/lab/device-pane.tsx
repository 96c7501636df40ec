'use client';

import { EllipsisVertical, MoonStar, RotateCw, Sparkles, X } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import type { Desk, LabDevice } from '@/lib/lab/desk.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '../ui/menu.tsx';
import { Gauges } from './gauges.tsx';
import { Dot } from './light.tsx';
import { ModeSwitch } from './mode-switch.tsx';

interface DevicePaneProps {
  desk: Desk;
  device: LabDevice;
  /** Overall digest; null while unknown. */
  server: string | null;
  /** Of what is in the frame. */
  scale: number;
}

/** One device: the product itself in a frame, what disturbs it above, what it holds below. */
export function DevicePane({ desk, device, server, scale }: DevicePaneProps) {
  const t = useTranslations('lab');
  const { slot, person, report, fresh } = device;
  const letter = slot.toUpperCase();
  const mode = report?.mode ?? 'online';
  const register = useCallback(
    (frame: HTMLIFrameElement | null) => desk.frame(slot, frame?.contentWindow ?? null),
    [desk, slot],
  );
  const address = `${desk.addressOf(slot)}/lab/enter?user=${person.id}${fresh > 0 ? '&fresh' : ''}`;
  const size = `${100 / scale}%`;
  return (
    <section
      aria-label={t('device', { slot: letter })}
      data-testid={`device-${slot}`}
      data-verdict={device.verdict}
      data-mode={mode}
      className="flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-raised"
    >
      <header className="flex h-11 shrink-0 items-center gap-2 border-line border-b pr-1.5 pl-3">
        <Avatar id={person.id} name={person.name} size="sm" />
        <span className="flex min-w-0 flex-1 items-baseline gap-2">
          <span className="truncate font-medium" dir="auto">
            {person.name}
          </span>
          <span className="shrink-0 text-ink-subtle text-xs">{t('device', { slot: letter })}</span>
        </span>
        <ModeSwitch
          label={t('mode', { slot: letter })}
          mode={mode}
          disabled={!report}
          onMode={(next) => desk.order(slot, { type: 'mode', mode: next })}
        />
        <Menu>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon-sm" aria-label={t('more', { slot: letter })}>
              <EllipsisVertical aria-hidden className="size-4" />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            <MenuItem onSelect={() => desk.reload(slot, false)}>
              <RotateCw aria-hidden />
              {t('reload')}
            </MenuItem>
            <MenuItem onSelect={() => desk.reload(slot, true)}>
              <Sparkles aria-hidden />
              {t('fresh')}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={() => desk.remove(slot)}>
              <X aria-hidden />
              {t('remove')}
            </MenuItem>
          </MenuContent>
        </Menu>
      </header>
      <div className="relative min-h-0 flex-1 overflow-hidden bg-sunken">
        <iframe
          key={`${person.id} ${fresh}`}
          ref={register}
          title={t('device', { slot: letter })}
          src={address}
          className="block origin-top-left border-0"
          style={{ width: size, height: size, transform: `scale(${scale})` }}
        />
        {mode === 'asleep' && (
          <div className="absolute inset-0 flex items-center justify-center gap-2 bg-scrim font-medium text-md text-white backdrop-grayscale">
            <MoonStar aria-hidden className="size-5" />
            {t('sleeping')}
          </div>
        )}
      </div>
      <footer className="flex h-8 shrink-0 items-center gap-2 border-line border-t px-3">
        <Dot verdict={device.verdict} />
        <Gauges report={report} server={server} />
      </footer>
    </section>
  );
}
