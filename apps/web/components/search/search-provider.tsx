'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { hasCommand, isComposing, letterOf } from '@/lib/keyboard.ts';
import { navigate, SEARCH_PATH } from '@/lib/navigation.ts';
import { type Draft, EMPTY } from '@/lib/search/draft.ts';
import { localSearchOf } from '@/lib/search/local.ts';
import { SearchSession } from '@/lib/search/session.ts';
import { useEngine, useSync } from '@/lib/sync/index.ts';

interface Search {
  session: SearchSession;
  /** Goes to the search, with this in the field; without a draft, with what was there. */
  open(draft?: Draft): void;
  close(): void;
}

const Context = createContext<Search | null>(null);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** Keeps the search of this page while other things are shown, and opens it by `/` and Ctrl/⌘ F. */
export function SearchProvider({ children }: { children: ReactNode }) {
  const engine = useEngine();
  const [session] = useState(() => new SearchSession(engine, localSearchOf(engine)));
  useRefusedSearches();
  const open = useCallback(
    (draft: Draft = EMPTY) => {
      if (window.location.pathname === SEARCH_PATH) {
        return document.querySelector<HTMLInputElement>('[data-testid=search-field]')?.focus();
      }
      session.setDraft(draft, false);
      navigate(SEARCH_PATH, 'push', { inside: true });
    },
    [session],
  );
  const close = useCallback(() => {
    if ((window.history.state as { inside?: boolean } | null)?.inside) window.history.back();
    else navigate('/');
  }, []);
  useEffect(() => () => session.local.close(), [session]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return;
      if (document.querySelector('[role=dialog],[role=alertdialog],[role=menu]')) return;
      // Compare the character, not the key: on many keyboards it needs Shift, on some AltGr.
      const slash = event.key === '/' && !event.metaKey && !isTyping(event.target);
      const find = hasCommand(event) && !event.altKey && !event.shiftKey && letterOf(event) === 'f';
      if (!slash && !find) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [open]);
  return (
    <Context value={useMemo(() => ({ session, open, close }), [session, open, close])}>{children}</Context>
  );
}

export const useSearch = (): Search => {
  const search = useContext(Context);
  if (!search) throw new Error('useSearch needs <SearchProvider>');
  return search;
};

/** A change that the server refuses is undone, and reported if the user is waiting for it. */
const useRefusedSearches = () => {
  const engine = useEngine();
  const t = useTranslations('search');
  const errors = useTranslations('errors');
  const refused = useSync(({ commands }) =>
    [...commands.values()].find(({ name, state }) => name === 'search' && state === 'failed'),
  );
  useEffect(() => {
    if (refused?.name !== 'search') return;
    if (refused.args.do === 'save' && document.visibilityState === 'visible')
      toast.error(refused.error === 'limit_reached' ? t('savedFull') : errors(refused.error ?? 'internal'));
    engine.discard(refused.id);
  }, [refused, engine, t, errors]);
};
