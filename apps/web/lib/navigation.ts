'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { setPath, usePath } from './path.ts';

const CONVERSATION = /^\/c\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/(\d{1,10}))?$/i;

export const conversationPath = (conversationId: string): string => `/c/${conversationId}`;
/** The permalink of one message. */
export const messagePath = (conversationId: string, seq: number): string => `/c/${conversationId}/${seq}`;

/** What an address names: a conversation, and maybe a message in it; null for every other page. */
export const routeConversation = (path: string): { id: string; seq: number | null } | null => {
  const match = CONVERSATION.exec(path);
  if (!match?.[1]) return null;
  return { id: match[1].toLowerCase(), seq: match[2] ? Number(match[2]) : null };
};

export const SEARCH_PATH = '/search';

/** Whether this page was opened from the results of a search: then the way back is the browser's own. */
export const cameFromSearch = (): boolean =>
  typeof window !== 'undefined' && (window.history.state as { from?: string } | null)?.from === SEARCH_PATH;

/** The conversation that the address names; null on every other page. */
export const useRouteConversation = (): string | null => routeConversation(usePath())?.id ?? null;

/** The message that the address names, and which visit it is: going there again counts, though the address stays. */
export const useRouteMessage = (): { seq: number | null; visit: number } => {
  const seq = routeConversation(usePath())?.seq ?? null;
  const visit = useSyncExternalStore(
    onVisit,
    () => visits,
    () => 0,
  );
  return useMemo(() => ({ seq, visit }), [seq, visit]);
};

let visits = 0;
const listeners = new Set<() => void>();
const onVisit = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/**
 * Moves inside the app without asking the server: at once, and also offline. AppShell shows what the path names
 * (`usePath`), and Next follows the history API.
 */
export const navigate = (
  path: string,
  how: 'push' | 'replace' = 'push',
  state: object | null = null,
): void => {
  if (path === window.location.pathname) {
    visits++;
    for (const listener of listeners) listener();
    return;
  }
  setPath(path, how, state);
};
