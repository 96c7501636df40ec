'use client';

import { ChevronLeft, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { navigate } from '@/lib/navigation.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { DevicesSection } from './devices-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { SECTIONS, type Section, settingsPath } from './sections.ts';
import { WritingSection } from './writing-section.tsx';

/** Beside the list on wide screens, all of the screen on phones. Escape leads back. */
export function SettingsView({ section }: { section: Section }) {
  const t = useTranslations('settings');
  const common = useTranslations('common');
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each section begins at its heading
  useEffect(() => heading.current?.focus(), [section]);
  // On the window: a button that has just gone leaves the focus on the page.
  useEffect(() => {
    const back = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || isElsewhere(event.target)) return;
      navigate('/');
    };
    window.addEventListener('keydown', back);
    return () => window.removeEventListener('keydown', back);
  }, []);
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-1 border-line border-b px-4 max-md:pt-safe md:px-6">
        <IconButton label={common('back')} onClick={() => navigate('/')} className="-ml-2 md:hidden">
          <ChevronLeft aria-hidden className="size-5.5" />
        </IconButton>
        <h1 ref={heading} tabIndex={-1} className="flex-1 truncate font-semibold text-md outline-none">
          {t(`${section}.title`)}
        </h1>
        <IconButton label={common('close')} onClick={() => navigate('/')} className="-mr-1.5 max-md:hidden">
          <X aria-hidden className="size-4.5" />
        </IconButton>
      </header>
      <div className="scroll-quiet min-h-0 flex-1 px-4 pt-5 pb-[max(2rem,env(safe-area-inset-bottom))] md:px-6">
        <div className="mx-auto max-w-2xl">
          <nav aria-label={t('sections')} className="-mx-1 mb-5 flex gap-1">
            {SECTIONS.map((each) => (
              <a
                key={each}
                href={settingsPath(each)}
                aria-current={each === section ? 'page' : undefined}
                onClick={(event) => {
                  event.preventDefault();
                  navigate(settingsPath(each));
                }}
                className={cn(
                  'flex h-8 items-center rounded-md px-3 font-medium max-md:h-11',
                  each === section ? 'bg-selected text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
                )}
              >
                {t(`${each}.title`)}
              </a>
            ))}
          </nav>
          {section === 'devices' && <DevicesSection />}
          {section === 'password' && <PasswordSection />}
          {section === 'writing' && <WritingSection />}
        </div>
      </div>
    </main>
  );
}

/** Escape belongs to a field or to what is open above the page, but not to a tooltip, which would take every Escape. */
const isElsewhere = (target: EventTarget | null): boolean =>
  (target instanceof HTMLElement && target.matches('input, textarea')) ||
  document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
