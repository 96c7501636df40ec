'use client';

import type { Me } from '@lockstep/protocol';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import { keepAccount, onAccountChange, readAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { finishWipes } from '@/lib/end-session.ts';
import { errorOf } from '@/lib/error-of.ts';
import { usePath } from '@/lib/path.ts';
import { isAppPath } from '@/lib/pwa/paths.ts';
import { AppShell } from './app-shell.tsx';
import { BootScreen } from './boot-screen.tsx';
import { UnreachableNotice } from './unreachable-notice.tsx';

const useBeforePaint = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** Timeout after which the server counts as unreachable, in ms. */
const ASK_MS = 8_000;

interface AppBootProps {
  /** Known when the server has rendered this page for its person; null in the shell that the service worker keeps. */
  me: Me | null;
  children?: ReactNode;
}

/** Determines the signed-in person (from the page, this browser, or the server, in this order) and starts the app. */
export function AppBoot({ me: given, children }: AppBootProps) {
  const [me, setMe] = useState(given);
  const [unreachable, setUnreachable] = useState(false);
  const isApp = isAppPath(usePath());

  const ask = useCallback(async () => {
    try {
      const current = await api.me.get.query(undefined, { signal: AbortSignal.timeout(ASK_MS) });
      // The shell also stands in for pages of the server's that could not be loaded.
      if (!isAppPath(window.location.pathname)) return window.location.reload();
      keepAccount(current);
      setMe(current);
    } catch (error) {
      if (errorOf(error).code !== 'unauthenticated') return setUnreachable(true);
      if (!isAppPath(window.location.pathname)) return window.location.reload();
      // For an account known here the engine ends the session: it has the reason and keeps unsent data.
      if (!readAccount()) window.location.replace(signInPath());
    }
  }, []);

  useEffect(() => void finishWipes(), []);

  useBeforePaint(() => {
    if (given) return keepAccount(given);
    if (isAppPath(window.location.pathname)) setMe(readAccount());
    void ask();
  }, [given, ask]);

  // Another tab has signed in as somebody else: requests of this page would carry their cookie.
  useEffect(
    () => onAccountChange((other) => other && me && other.id !== me.id && window.location.reload()),
    [me],
  );

  const change = useCallback((next: Me) => {
    keepAccount(next);
    setMe(next);
  }, []);

  if (me && (given || isApp))
    return (
      <AppShell me={me} onMe={change}>
        {children}
      </AppShell>
    );
  return unreachable ? <UnreachableNotice onRetry={ask} /> : <BootScreen />;
}

const signInPath = (): string => {
  const { pathname, search } = window.location;
  return pathname === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(pathname + search)}`;
};
