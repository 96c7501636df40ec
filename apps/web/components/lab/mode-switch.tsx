'use client';

import { Moon, Shuffle, Snail, Wifi, WifiOff } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { MODES, type Mode } from '@/lib/lab/messages.ts';
import { Tooltip } from '../ui/tooltip.tsx';

const ICONS = { online: Wifi, offline: WifiOff, slow: Snail, lossy: Shuffle, asleep: Moon } as const;

interface ModeSwitchProps {
  label: string;
  mode: Mode;
  disabled: boolean;
  onMode: (mode: Mode) => void;
}

export function ModeSwitch({ label, mode, disabled, onMode }: ModeSwitchProps) {
  const t = useTranslations('lab');
  return (
    <ToggleGroup.Root
      type="single"
      value={mode}
      disabled={disabled}
      aria-label={label}
      onValueChange={(next) => next && onMode(next as Mode)}
      className="flex shrink-0 rounded-md bg-sunken p-0.5"
    >
      {MODES.map((each) => {
        const Icon = ICONS[each];
        return (
          <Tooltip key={each} label={t(each)}>
            <ToggleGroup.Item
              value={each}
              aria-label={t(each)}
              className={cn(
                'flex size-6.5 items-center justify-center rounded-sm text-ink-subtle transition-colors hover:text-ink disabled:opacity-50',
                each === mode &&
                  (each === 'online'
                    ? 'bg-raised text-ink shadow-raised'
                    : 'bg-warning-soft text-warning-ink shadow-raised'),
              )}
            >
              <Icon aria-hidden className="size-3.5" />
            </ToggleGroup.Item>
          </Tooltip>
        );
      })}
    </ToggleGroup.Root>
  );
}
