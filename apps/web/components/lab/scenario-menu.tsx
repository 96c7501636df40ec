'use client';

import { Play, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import type { Desk } from '@/lib/lab/desk.ts';
import { playScenario, SCENARIOS, type Scenario } from '@/lib/lab/scenarios.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../ui/menu.tsx';

/** What may be played; while one plays, the way to stop it. */
export function ScenarioMenu({ desk, enabled }: { desk: Desk; enabled: boolean }) {
  const t = useTranslations('lab');
  const [playing, setPlaying] = useState<Scenario | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const play = async (scenario: Scenario) => {
    const control = new AbortController();
    abort.current = control;
    setPlaying(scenario);
    // Stopped by hand or by a device that was taken away: the light tells what has become of it.
    await playScenario(scenario, desk, control.signal).catch(() => {});
    setPlaying(null);
  };

  if (playing) {
    return (
      <Button data-testid="scenario-playing" onClick={() => abort.current?.abort()} title={t('stop')}>
        <Square aria-hidden className="size-3.5 fill-current" />
        {t('playing', { name: t(playing) })}
      </Button>
    );
  }
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button disabled={!enabled}>
          <Play aria-hidden className="size-4" />
          {t('scenarios')}
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        {SCENARIOS.map((scenario) => (
          <MenuItem key={scenario} onSelect={() => void play(scenario)}>
            {t(scenario)}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
