'use client';

import { useMemo } from 'react';
import { useDialogs } from '@/lib/dialogs.tsx';
import { cameFromSearch, navigate, useRouteMessage } from '@/lib/navigation.ts';
import { ConversationView } from '../conversation/conversation-view.tsx';
import { ConversationHostProvider } from '../conversation/host.tsx';

const back = () => (cameFromSearch() ? window.history.back() : navigate('/'));

/** The conversation that the address names, with what the page around it offers. */
export function RouteConversation({ conversationId }: { conversationId: string }) {
  const link = useRouteMessage();
  const { detailsOpen: open, toggleDetails: toggle } = useDialogs();
  const host = useMemo(() => ({ link, back, details: { open, toggle } }), [link, open, toggle]);
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col print:block">
      <ConversationHostProvider value={host}>
        <ConversationView conversationId={conversationId} />
      </ConversationHostProvider>
    </main>
  );
}
