'use client';

import { FOREVER, type InboxEntry, isArchived } from '@lockstep/protocol';
import { useMemo } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { type DialogRequest, useDialogs } from '@/lib/dialogs.tsx';
import { conversationPath } from '@/lib/navigation.ts';
import { type Engine, useEngine } from '@/lib/sync/index.ts';
import { isUnread } from './sections.ts';

/** How long a conversation can be muted, in ms; FOREVER is a time, not a span. */
export const MUTES = [
  { name: 'muteHour', ms: 3_600_000 },
  { name: 'muteEight', ms: 8 * 3_600_000 },
  { name: 'muteWeek', ms: 7 * 86_400_000 },
  { name: 'muteAlways', ms: FOREVER },
] as const;

export interface ConversationCommands {
  toggleRead(): void;
  /** Until `ms` from now; null unmutes. */
  mute(ms: number | null): void;
  togglePin(): void;
  toggleArchive(): void;
  copyLink(): void;
  /** Asks first. */
  leave(): void;
}

interface Surroundings {
  engine: Engine;
  words: { linkCopied: string; copyFailed: string; archived: string; unarchived: string; undo: string };
  show(request: DialogRequest): void;
}

const commandsOf = (entry: InboxEntry, { engine, words, show }: Surroundings): ConversationCommands => {
  const { id, headSeq } = entry.conversation;
  return {
    toggleRead: () =>
      isUnread(entry) ? engine.markRead(id, headSeq) : engine.setPersonal(id, { markedUnread: true }),
    mute: (ms) => {
      const until = ms === null ? null : ms === FOREVER ? FOREVER : Date.now() + ms;
      engine.setPersonal(id, { mutedUntil: until });
    },
    togglePin: () => engine.setPersonal(id, { pinned: entry.pinnedAt === null }),
    toggleArchive: () => {
      const archived = !isArchived(entry, Date.now());
      engine.setPersonal(id, { archived });
      const undo = () => engine.setPersonal(id, { archived: !archived });
      toast(archived ? words.archived : words.unarchived, { action: { label: words.undo, onClick: undo } });
    },
    copyLink: () =>
      void navigator.clipboard.writeText(window.location.origin + conversationPath(id)).then(
        () => toast.success(words.linkCopied),
        () => toast.error(words.copyFailed),
      ),
    leave: () => show({ type: 'leave', conversationId: id }),
  };
};

/** What one can do with a conversation, the same in the list, in its menus and by key. */
export const useConversationActions = (): ((entry: InboxEntry) => ConversationCommands) => {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const engine = useEngine();
  const { show } = useDialogs();
  return useMemo(() => {
    const words = {
      linkCopied: t('linkCopied'),
      copyFailed: common('copyFailed'),
      archived: t('archivedToast'),
      unarchived: t('unarchivedToast'),
      undo: t('undo'),
    };
    return (entry) => commandsOf(entry, { engine, words, show });
  }, [engine, show, t, common]);
};
