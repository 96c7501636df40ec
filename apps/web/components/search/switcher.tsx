'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import { cn } from '@/lib/cn.ts';
import { EMPTY } from '@/lib/search/draft.ts';
import { useInbox } from '@/lib/sync/index.ts';
import { settingsPath } from '../settings/sections.ts';
import { ConversationAvatar } from '../shell/conversation-avatar.tsx';
import { useDialogs } from '../shell/dialogs-context.tsx';
import { LOCALE_NAMES, setLocale } from '../shell/language.ts';
import { conversationPath, navigate } from '../shell/navigation.tsx';
import { filterEntries } from '../shell/sections.ts';
import { useSearch } from './search-provider.tsx';
import { useNames } from './use-names.ts';

const MOST = 8;

interface Choice {
  id: string;
  label: string;
  icon?: ReactNode;
  run: () => void;
}

/** Ctrl/⌘ K: to a conversation, a person, a command, or the search, by name. What it offers is on this device. */
export function Switcher() {
  const t = useTranslations('search');
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent | globalThis.KeyboardEvent) => {
      const command = event.metaKey || event.ctrlKey;
      if (!command || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return;
      if (document.querySelector('[role=dialog]:not([data-switcher]),[role=alertdialog]')) return;
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
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt((index + 1) % choices.length);
    else if (event.key === 'ArrowUp') setAt((index + choices.length - 1) % choices.length);
    else if (event.key === 'Enter') take(choices[index]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
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
        className="h-13 w-full border-line border-b bg-transparent px-4 text-md outline-none"
      />
      <div
        id="switcher-list"
        role="listbox"
        aria-label={t('switcher')}
        className="scroll-quiet p-1.5 md:max-h-96"
      >
        {choices.map((choice, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
          <div
            key={choice.id}
            id={`switch-${choice.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === index}
            data-testid="switcher-choice"
            ref={(element) => {
              if (i === index) element?.scrollIntoView({ block: 'nearest' });
            }}
            onMouseMove={() => i !== index && setAt(i)}
            onClick={() => take(choice)}
            className={cn(
              'flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-2.5 max-md:min-h-13',
              i === index && 'bg-hover',
            )}
          >
            {choice.icon}
            <span className="min-w-0 truncate" dir="auto">
              {choice.label}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}

const useChoices = (query: string): Choice[] => {
  const t = useTranslations('search');
  const shell = useTranslations('shell');
  const inbox = useInbox();
  const { show } = useDialogs();
  const { open } = useSearch();
  const { setTheme } = useTheme();
  const { placeName } = useNames();
  return useMemo(() => {
    const name = (id: string) => placeName(id) ?? '';
    const places = filterEntries(inbox, query, ({ conversation }) => name(conversation.id).replace(/^#/, ''))
      .slice(0, MOST)
      .map((entry) => ({
        id: entry.conversation.id,
        label: name(entry.conversation.id),
        icon: <ConversationAvatar entry={entry} presence={false} />,
        run: () => navigate(conversationPath(entry.conversation.id)),
      }));
    const commands: Choice[] = [
      { id: 'direct', label: shell('newDirect'), run: () => show({ type: 'direct' }) },
      { id: 'group', label: shell('newGroup'), run: () => show({ type: 'group' }) },
      { id: 'channel', label: shell('newChannel'), run: () => show({ type: 'channel' }) },
      { id: 'browse', label: shell('browseChannels'), run: () => show({ type: 'browse' }) },
      { id: 'devices', label: shell('devices'), run: () => navigate(settingsPath('devices')) },
      ...(['Light', 'Dark', 'System'] as const).map((theme) => ({
        id: `theme${theme}`,
        label: `${shell('theme')}: ${shell(`theme${theme}`)}`,
        run: () => setTheme(theme.toLowerCase()),
      })),
      ...Object.entries(LOCALE_NAMES).map(([locale, label]) => ({
        id: locale,
        label: `${shell('language')}: ${label}`,
        run: () => void setLocale(locale),
      })),
    ];
    const words = query.toLowerCase();
    const fitting = words ? commands.filter(({ label }) => label.toLowerCase().includes(words)) : [];
    const all: Choice = {
      id: 'messages',
      label: query ? t('searchFor', { query }) : t('open'),
      icon: (
        <span className="flex size-9 shrink-0 items-center justify-center text-ink-subtle max-md:size-11">
          <Search aria-hidden className="size-4" />
        </span>
      ),
      run: () => open({ ...EMPTY, words: query }),
    };
    return [...places, ...fitting, all];
  }, [inbox, query, placeName, shell, t, show, open, setTheme]);
};
