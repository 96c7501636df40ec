import type { Me } from '@lockstep/protocol';
import { createRoot } from 'react-dom/client';
import { ConversationView } from '@/components/conversation/conversation-view.tsx';
import { BadgeExplainer } from '@/components/inbox/badge-explainer.tsx';
import { PresenceProvider } from '@/components/people/watch-presence.tsx';
import { useTypeToWrite } from '@/components/shell/use-type-to-write.ts';
import { TooltipProvider } from '@/components/ui/tooltip.tsx';
import { IntlProvider } from '@/i18n/intl-provider.tsx';
import { DialogsProvider } from '@/lib/dialogs.tsx';
import { MeProvider } from '@/lib/me.tsx';
import { SyncProvider } from '@/lib/sync/index.ts';
import common from '@/messages/en/common.json';
import conversation from '@/messages/en/conversation.json';
import errors from '@/messages/en/errors.json';
import shell from '@/messages/en/shell.json';

const Views = ({ ids }: { ids: string[] }) => {
  useTypeToWrite();
  return (
    <main className="flex h-dvh">
      {ids.map((id, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same conversation may be there twice
        <div key={n} data-testid={`view-${n}`} className="flex min-w-0 flex-1 flex-col">
          <ConversationView conversationId={id} />
        </div>
      ))}
    </main>
  );
};

/** Shows conversations side by side in an empty page, without the shell and its routes. Bundled by e2e/side-by-side.spec.ts. */
const show = (me: Me, ids: string[]): void => {
  const place = document.createElement('div');
  document.body.append(place);
  createRoot(place).render(
    <IntlProvider locale="en" messages={{ common, conversation, errors, shell }}>
      <TooltipProvider>
        <SyncProvider me={me}>
          <MeProvider me={me} onMe={() => {}}>
            <PresenceProvider>
              <DialogsProvider>
                <BadgeExplainer>
                  <Views ids={ids} />
                </BadgeExplainer>
              </DialogsProvider>
            </PresenceProvider>
          </MeProvider>
        </SyncProvider>
      </TooltipProvider>
    </IntlProvider>,
  );
};

declare global {
  var showConversations: typeof show;
}
globalThis.showConversations = show;
