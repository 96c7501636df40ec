'use client';

import { usePathname } from 'next/navigation';
import type { ComponentProps, MouseEvent } from 'react';

const CONVERSATION = /^\/c\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

export const conversationPath = (conversationId: string): string => `/c/${conversationId}`;

/** The conversation that the address names; null on every other page. */
export const useRouteConversation = (): string | null =>
  CONVERSATION.exec(usePathname())?.[1]?.toLowerCase() ?? null;

/**
 * Moves inside the app without asking the server: at once, and also offline. Next follows the history API
 * (usePathname), and AppShell shows what the path names.
 */
export const navigate = (path: string, how: 'push' | 'replace' = 'push'): void => {
  if (path === window.location.pathname) return;
  if (how === 'replace') window.history.replaceState(null, '', path);
  else window.history.pushState(null, '', path);
};

interface AppLinkProps extends ComponentProps<'a'> {
  href: string;
}

/** A real link (new tab, copy address), which a plain click follows with `navigate`. */
export function AppLink({ href, onClick, ...props }: AppLinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...props} />;
}
