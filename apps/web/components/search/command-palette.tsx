'use client';

import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { Fragment, type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { hasCommand, isComposing, letterOf } from '@/lib/keyboard.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { type Choice, useChoices } from './use-choices.tsx';

/**
 * Ctrl/⌘ K: go to a conversation, a person or a message, or run a command. Conversations and commands are local;
 * messages, and people without a conversation yet, come from the server a moment later and are shown below.
 */
export function CommandPalette() {
  const t = useTranslations('search');
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent | globalThis.KeyboardEvent) => {
      if (isComposing(event) || !hasCommand(event) || event.altKey || event.shiftKey) return;
      if (letterOf(event) !== 'k') return;
      if (
        document.querySelector('[data-state=open]:is([role=dialog]:not([data-switcher]),[role=alertdialog])')
      )
        return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          data-switcher
          data-testid="switcher"
          aria-describedby={undefined}
          className="md:-translate-x-1/2 fixed z-40 flex flex-col bg-raised text-ink shadow-overlay outline-none max-md:inset-0 max-md:pt-safe md:top-[14vh] md:left-1/2 md:w-[calc(100vw-2rem)] md:max-w-xl md:rounded-lg"
        >
          <Dialog.Title className="sr-only">{t('switcher')}</Dialog.Title>
          <Choices onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices({ onDone }: { onDone: () => void }) {
  const t = useTranslations('search');
  const common = useTranslations('common');
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const choices = useChoices(query.trim());
  const index = Math.min(at, choices.length - 1);
  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    onDone();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((index + 1) % choices.length);
    else if (event.key === 'ArrowUp') setAt((index + choices.length - 1) % choices.length);
    else if (event.key === 'Enter') take(choices[index]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="flex shrink-0 items-center border-line border-b">
        <input
          data-testid="switcher-field"
          role="combobox"
          aria-label={t('switcher')}
          aria-expanded
          aria-controls="switcher-list"
          aria-activedescendant={choices[index] && `switch-${choices[index].id}`}
          autoComplete="off"
          spellCheck={false}
          placeholder={t('switcher')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-13 min-w-0 flex-1 bg-transparent px-4 text-md outline-none"
        />
        <Dialog.Close asChild>
          <IconButton label={common('close')} className="mr-1 md:hidden" data-testid="switcher-close">
            <X aria-hidden className="size-5" />
          </IconButton>
        </Dialog.Close>
      </div>
      <div
        id="switcher-list"
        role="listbox"
        aria-label={t('switcher')}
        className="scroll-quiet min-h-0 flex-1 p-1.5 md:max-h-[26rem]"
      >
        {choices.map((choice, i) => (
          <Fragment key={choice.id}>
            {choice.group !== choices[i - 1]?.group && (
              <div role="presentation" className="px-2.5 pt-3 pb-1 font-medium text-ink-subtle text-xs">
                {t(choice.group)}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's */}
            <div
              id={`switch-${choice.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === index}
              data-testid="switcher-choice"
              data-kind={choice.group}
              ref={(element) => {
                if (i === index) element?.scrollIntoView({ block: 'nearest' });
              }}
              onMouseMove={() => i !== index && setAt(i)}
              onClick={() => take(choice)}
              className={cn(
                'flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-2.5 py-1 max-md:min-h-13',
                i === index && 'bg-hover',
              )}
            >
              {choice.icon}
              <span className="flex min-w-0 flex-1 flex-col">
                <span className="min-w-0 truncate" dir="auto">
                  {choice.label}
                </span>
                {choice.detail && (
                  <span className="min-w-0 truncate text-ink-subtle text-sm" dir="auto">
                    {choice.detail}
                  </span>
                )}
              </span>
            </div>
          </Fragment>
        ))}
      </div>
    </>
  );
}
