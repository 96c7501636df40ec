'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { LogOut } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { Button } from '../ui/button.tsx';

export function LeaveButton({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const { show } = useDialogs();
  return (
    <div className="border-line border-t px-3 py-3">
      <Button
        variant="danger-ghost"
        className="w-full justify-start px-2"
        onClick={() => show({ type: 'leave', conversationId: entry.conversation.id })}
      >
        <LogOut aria-hidden className="size-4" />
        {t('leave')}
      </Button>
    </div>
  );
}
