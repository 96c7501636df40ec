'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { LogOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/lib/api.ts';
import { useDialogs } from '../shell/dialogs-context.tsx';
import { navigate } from '../shell/navigation.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useAction } from './use-action.ts';

export function LeaveButton({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const { setDetailsOpen } = useDialogs();
  const { run } = useAction({ toastErrors: true });
  const [asking, setAsking] = useState(false);
  const { id, title, kind, visibility } = entry.conversation;
  const open = kind === 'channel' && visibility === 'public';
  return (
    <div className="border-line border-t px-3 py-3">
      <Button variant="danger-ghost" className="w-full justify-start px-2" onClick={() => setAsking(true)}>
        <LogOut aria-hidden className="size-4" />
        {t('leave')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('leaveTitle', { title: title ?? '' })}
        description={t(open ? 'leaveTextPublic' : 'leaveText')}
        confirmLabel={t('leaveConfirm')}
        danger
        onConfirm={async () => {
          if (await run(() => api.conversations.leave.mutate({ conversationId: id }))) {
            setDetailsOpen(false);
            navigate('/', 'replace');
          }
          return true;
        }}
      />
    </div>
  );
}
