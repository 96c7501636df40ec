'use client';

import { SunMoon } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { SLOTS } from '@/lib/lab/desk.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Logo } from '../ui/logo.tsx';
import { DevicePane } from './device-pane.tsx';
import { EmptyLab } from './empty-lab.tsx';
import { Light } from './light.tsx';
import { PeopleMenu } from './people-menu.tsx';
import { ScenarioMenu } from './scenario-menu.tsx';
import { useDesk } from './use-desk.ts';

/** Up to six devices side by side, and one light for all of them. */
export function LabPage() {
  const t = useTranslations('lab');
  const [desk, state] = useDesk();
  const { resolvedTheme = 'light', setTheme } = useTheme();
  const { devices } = state;
  const rows = devices.length > 3 ? 2 : 1;

  // A device keeps its theme by itself; here all follow the page.
  const loaded = devices.filter(({ report }) => report).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a device that has just come up is to be told as well
  useEffect(() => desk.orderAll({ type: 'theme', theme: resolvedTheme }), [desk, resolvedTheme, loaded]);

  return (
    <div className="flex h-dvh flex-col overflow-hidden bg-canvas">
      <header className="flex h-16 shrink-0 items-center gap-3 px-4">
        <Logo className="size-7" />
        <h1 className="font-semibold text-md tracking-tight">{t('title')}</h1>
        <div className="flex flex-1 justify-center">
          <Light devices={devices} />
        </div>
        {devices.length > 0 && (
          <>
            <ScenarioMenu desk={desk} enabled={devices.length > 1} />
            <PeopleMenu onPick={(person) => desk.add(person)} full={devices.length === SLOTS.length} />
          </>
        )}
        <IconButton label={t('theme')} onClick={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}>
          <SunMoon aria-hidden className="size-4.5" />
        </IconButton>
      </header>
      {devices.length === 0 ? (
        <EmptyLab desk={desk} />
      ) : (
        <main
          className={cn(
            'grid min-h-0 flex-1 gap-3 px-4 pb-4',
            rows === 1 && 'auto-cols-fr grid-flow-col grid-rows-1',
            rows === 2 && (devices.length === 4 ? 'grid-cols-2 grid-rows-2' : 'grid-cols-3 grid-rows-2'),
          )}
        >
          {devices.map((device) => (
            <DevicePane
              key={device.slot}
              desk={desk}
              device={device}
              server={state.digests.get(device.person.id) ?? null}
              scale={rows === 2 ? 0.75 : 0.9}
            />
          ))}
        </main>
      )}
    </div>
  );
}
