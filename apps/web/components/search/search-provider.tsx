'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Draft, EMPTY } from '@/lib/search/draft.ts';
import { createLocalSearch } from '@/lib/search/local-search.ts';
import { SearchSession } from '@/lib/search/session.ts';
import { useEngine } from '@/lib/sync/index.ts';
import { navigate, SEARCH_PATH } from '../shell/navigation.tsx';

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
  const [session] = useState(() => new SearchSession(engine, createLocalSearch(engine)));
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
      if (event.defaultPrevented || event.isComposing || event.altKey || event.shiftKey) return;
      if (document.querySelector('[role=dialog],[role=alertdialog],[role=menu]')) return;
      const command = event.metaKey || event.ctrlKey;
      const slash = !command && event.key === '/' && !isTyping(event.target);
      if (!slash && !(command && event.key.toLowerCase() === 'f')) return;
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
