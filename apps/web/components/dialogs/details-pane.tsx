'use client';

import { X } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useSync } from '@/lib/sync/index.ts';
import { useMedia } from '@/lib/use-media.ts';
import { DialogRoot, SheetContent } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { ConversationDetails } from './conversation-details.tsx';

/** The details beside the conversation where there is room, over it where there is not. */
export function DetailsPane({ conversationId }: { conversationId: string }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const { detailsOpen, setDetailsOpen } = useDialogs();
  const wide = useMedia('(width >= 75rem)');
  const known = useSync((state) => state.inbox.has(conversationId));
  const open = detailsOpen && known;
  if (!wide) {
    return (
      <DialogRoot open={open} onOpenChange={setDetailsOpen}>
        {open && (
          <SheetContent title={t('details')}>
            <ConversationDetails conversationId={conversationId} />
          </SheetContent>
        )}
      </DialogRoot>
    );
  }
  if (!open) return null;
  return (
    <aside
      aria-label={t('details')}
      className="fade-in-0 slide-in-from-right-2 flex w-80 print:hidden shrink-0 animate-in flex-col border-line border-l bg-surface duration-160"
    >
      <header className="flex h-14 shrink-0 items-center justify-between pr-3 pl-5">
        <h2 className="font-semibold text-md">{t('details')}</h2>
        <IconButton label={common('close')} onClick={() => setDetailsOpen(false)}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </header>
      <div className="scroll-quiet flex min-h-0 flex-1 flex-col pt-1">
        <ConversationDetails conversationId={conversationId} />
      </div>
    </aside>
  );
}
