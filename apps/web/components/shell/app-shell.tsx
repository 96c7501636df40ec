'use client';

import type { Me } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { DialogsProvider } from '@/lib/dialogs.tsx';
import { MeProvider } from '@/lib/me.tsx';
import { SEARCH_PATH, useRouteConversation } from '@/lib/navigation.ts';
import { usePath } from '@/lib/path.ts';
import { SyncProvider } from '@/lib/sync/index.ts';
import { useMedia } from '@/lib/use-media.ts';
import { DetailsPane } from '../dialogs/details-pane.tsx';
import { Dialogs } from '../dialogs/dialogs.tsx';
import { BadgeExplainer } from '../inbox/badge-explainer.tsx';
import { PresenceProvider } from '../people/watch-presence.tsx';
import { CommandPalette } from '../search/command-palette.tsx';
import { SearchProvider } from '../search/search-provider.tsx';
import { SearchView } from '../search/search-view.tsx';
import { sectionOf } from '../settings/sections.ts';
import { SettingsView } from '../settings/settings-view.tsx';
import { NotFoundNotice } from '../ui/not-found-notice.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { DocumentTitle } from './document-title.tsx';
import { EmptyState } from './empty-state.tsx';
import { FileDrop } from './file-drop.tsx';
import { MemoryNote } from './memory-note.tsx';
import { RouteConversation } from './route-conversation.tsx';
import { SessionEnd } from './session-end.tsx';
import { Sidebar } from './sidebar.tsx';
import { useTypeToWrite } from './use-type-to-write.ts';

/** Shows the view of the address; `children` (from the server) only for other addresses. */
function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations('common');
  const pathname = usePath();
  const home = pathname === '/';
  const conversations = useTranslations('shell');
  const phoneHome = useMedia('(width < 48rem)') && home;
  const section = sectionOf(pathname);
  const openId = useRouteConversation();
  useTypeToWrite();
  return (
    <div className="flex h-dvh flex-col overflow-hidden print:block print:h-auto print:overflow-visible">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skipToContent')}
      </a>
      <ConnectionBanner />
      <MemoryNote />
      <div className="flex min-h-0 flex-1 print:block">
        {/* On a phone the list is all there is. */}
        <div role={phoneHome ? 'main' : undefined} className="contents">
          {phoneHome && <h1 className="sr-only">{conversations('conversations')}</h1>}
          <Sidebar
            className={cn(
              'border-line print:hidden md:w-80 md:shrink-0 md:border-r',
              home ? 'max-md:flex-1' : 'max-md:hidden',
            )}
          />
        </div>
        <div
          id="main"
          tabIndex={-1}
          className={cn(
            'flex min-w-0 flex-1 flex-col bg-surface outline-none print:block',
            home && 'max-md:hidden',
          )}
        >
          {openId ? (
            <RouteConversation key={openId} conversationId={openId} />
          ) : pathname === SEARCH_PATH ? (
            <SearchView />
          ) : section ? (
            <SettingsView section={section} />
          ) : (
            <main className="flex min-h-0 flex-1 flex-col">
              {home ? <EmptyState /> : (children ?? <NotFoundNotice />)}
            </main>
          )}
        </div>
        {openId && <DetailsPane conversationId={openId} />}
      </div>
    </div>
  );
}

interface AppShellProps {
  me: Me;
  /** Their own name has changed. */
  onMe: (me: Me) => void;
  children: ReactNode;
}

export function AppShell({ me, onMe, children }: AppShellProps) {
  return (
    <SyncProvider key={me.id} me={me}>
      <MeProvider me={me} onMe={onMe}>
        <SessionEnd>
          <PresenceProvider>
            <DialogsProvider>
              <BadgeExplainer>
                <SearchProvider>
                  <DocumentTitle />
                  <FileDrop />
                  <Frame>{children}</Frame>
                  <Dialogs />
                  <CommandPalette />
                </SearchProvider>
              </BadgeExplainer>
            </DialogsProvider>
          </PresenceProvider>
        </SessionEnd>
      </MeProvider>
    </SyncProvider>
  );
}
