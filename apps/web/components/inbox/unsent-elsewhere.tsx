'use client';

import { MessageSquareOff } from 'lucide-react';
import { AppLink } from '@/components/ui/app-link.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { conversationPath, useRouteConversation } from '@/lib/navigation.ts';
import { type SyncState, sameElements, unsentOf, useSync } from '@/lib/sync/index.ts';
import { UnsentPreview } from './preview.tsx';

/** What was not sent to conversations that are not in the list any more: one has left them, or was removed, meanwhile. */
export function UnsentElsewhere() {
  const t = useTranslations('conversation.gone');
  const openId = useRouteConversation();
  const items = useSync<readonly UnsentIn[]>(
    (state) => (state.caughtUp ? lastElsewhere(state) : []),
    sameElements,
  );
  return items.map((item) => (
    <AppLink
      key={item.args.conversationId}
      href={conversationPath(item.args.conversationId)}
      aria-current={item.args.conversationId === openId ? 'page' : undefined}
      data-testid="unsent-elsewhere"
      className={cn(
        'mx-2 flex h-14 shrink-0 items-center gap-3 rounded-md px-2 transition-colors focus-visible:-outline-offset-2 max-md:mx-1 max-md:h-16 max-md:px-3',
        item.args.conversationId === openId
          ? 'bg-selected max-md:bg-transparent'
          : 'hover:bg-hover active:bg-pressed',
      )}
    >
      <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-pressed text-ink-muted max-md:size-11">
        <MessageSquareOff aria-hidden className="size-4.5" />
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="truncate font-medium text-base">{t('removed')}</span>
        <span className="truncate text-ink-subtle text-sm">
          <UnsentPreview item={{ body: item.args.body, state: item.state }} />
        </span>
      </span>
    </AppLink>
  ));
}

type UnsentIn = ReturnType<typeof saidIn>[number];

const saidIn = (state: SyncState) => unsentOf(state).filter((command) => command.name !== 'recall');

/** Of each conversation that is not in the list the last. */
const lastElsewhere = (state: SyncState): UnsentIn[] => {
  const elsewhere = saidIn(state).filter(({ args }) => !state.inbox.has(args.conversationId));
  return [...new Map(elsewhere.map((command) => [command.args.conversationId, command])).values()];
};
