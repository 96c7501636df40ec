'use client';

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { hasCommand, isComposing, letterOf } from '@/lib/keyboard.ts';
import { navigate, SEARCH_PATH } from '@/lib/navigation.ts';
import { type Draft, EMPTY } from '@/lib/search/draft.ts';
import { localSearchOf } from '@/lib/search/local.ts';
import { type Remembered, RememberedSearches } from '@/lib/search/remembered.ts';
import { SearchSession } from '@/lib/search/session.ts';
import { useEngine } from '@/lib/sync/index.ts';

interface Search {
  session: SearchSession;
  remembered: RememberedSearches;
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
  const t = useTranslations('search');
  const errors = useTranslations('errors');
  const say = useRef<RememberedSearches['onRefused']>(() => {});
  useEffect(() => {
    say.current = (change, code) => {
      if (change.do === 'save') toast.error(code === 'limit_reached' ? t('savedFull') : errors(code));
    };
  }, [t, errors]);
  const [remembered] = useState(
    () => new RememberedSearches(engine, undefined, (change, code) => say.current(change, code)),
  );
  useEffect(() => remembered.start(), [remembered]);
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
      // By its sign: on many keyboards it is typed with Shift, on some with AltGr.
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
    <Context
      value={useMemo(() => ({ session, remembered, open, close }), [session, remembered, open, close])}
    >
      {children}
    </Context>
  );
}

export const useSearch = (): Search => {
  const search = useContext(Context);
  if (!search) throw new Error('useSearch needs <SearchProvider>');
  return search;
};

const NONE: Remembered = { recent: [], saved: [] };

/** What this person has searched for and keeps. */
export const useRemembered = (): Remembered => {
  const { remembered } = useSearch();
  return useSyncExternalStore(remembered.subscribe, remembered.getState, () => NONE);
};
