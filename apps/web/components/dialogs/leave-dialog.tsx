'use client';

import { isOpen } from '@lockstep/protocol';
import { useRef } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { navigate, routeConversation } from '@/lib/navigation.ts';
import { useSync } from '@/lib/sync/index.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useAction } from './use-action.ts';

/** Asks before one leaves a conversation, from wherever that was asked for. */
export function LeaveDialog() {
  const t = useTranslations('shell');
  const { current, hide, setDetailsOpen } = useDialogs();
  const { run } = useAction({ toastErrors: true });
  const id = current?.type === 'leave' ? current.conversationId : null;
  const entry = useSync((state) => (id ? state.inbox.get(id) : undefined));
  // The words stay while the dialog closes.
  const last = useRef(entry?.conversation);
  if (entry) last.current = entry.conversation;
  const open = last.current !== undefined && isOpen(last.current);
  return (
    <ConfirmDialog
      open={id !== null && entry !== undefined}
      onOpenChange={(next) => !next && hide()}
      title={t('leaveTitle', { title: last.current?.title ?? '' })}
      description={t(open ? 'leaveTextPublic' : 'leaveText')}
      confirmLabel={t('leaveConfirm')}
      danger
      onConfirm={async () => {
        if (!id) return true;
        if (await run(() => api.conversations.leave.mutate({ conversationId: id }))) {
          setDetailsOpen(false);
          if (routeConversation(window.location.pathname)?.id === id) navigate('/', 'replace');
        }
        return true;
      }}
    />
  );
}
