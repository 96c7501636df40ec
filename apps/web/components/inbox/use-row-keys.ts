import { FOREVER, type InboxEntry, isMuted } from '@lockstep/protocol';
import type { KeyboardEvent } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { isFocusByPointer } from '@/lib/focus-by-pointer.ts';
import { letterOf } from '@/lib/keyboard.ts';
import { type Engine, useEngine } from '@/lib/sync/index.ts';
import { type ConversationCommands, useConversationActions } from './use-conversation-actions.ts';

interface RowKeyOptions {
  onExplain: (conversationId: string) => void;
  onMenu: (row: HTMLElement) => void;
}

type Announcement = 'saidUnread' | 'saidRead' | 'saidMuted' | 'saidUnmuted' | 'saidPinned' | 'saidUnpinned';

interface Act {
  run(): void;
  /** The announcement and the undo. Archiving has its own toast. */
  announcement?: Announcement;
  undo?(): void;
}

/** What the letter does to the conversation; undefined where it does nothing. */
const actOf = (
  letter: string,
  entry: InboxEntry,
  commands: ConversationCommands,
  engine: Engine,
): Act | undefined => {
  const { id } = entry.conversation;
  const { markedUnread, mutedUntil, pinnedAt, unread } = entry;
  if (letter === 'u') {
    const isUnread = unread > 0 || markedUnread;
    // The read position never goes back (rule 7): a read conversation can only be marked as unread.
    const undo = () => engine.setPersonal(id, { markedUnread: isUnread });
    return { run: commands.toggleRead, announcement: isUnread ? 'saidRead' : 'saidUnread', undo };
  }
  if (letter === 'm') {
    const muted = isMuted(entry, Date.now());
    const undo = () => engine.setPersonal(id, { mutedUntil });
    return {
      run: () => commands.mute(muted ? null : FOREVER),
      announcement: muted ? 'saidUnmuted' : 'saidMuted',
      undo,
    };
  }
  if (letter === 'p') {
    const pinned = pinnedAt !== null;
    const undo = () => engine.setPersonal(id, { pinned });
    return { run: commands.togglePin, announcement: pinned ? 'saidUnpinned' : 'saidPinned', undo };
  }
  return letter === 'a' ? { run: commands.toggleArchive } : undefined;
};

/**
 * Keys on a row of the list that the keyboard has come to: U unread, M mute, P pin, A archive, each with a way back;
 * B explain the badge; the menu key and Shift F10 open the menu. Tells whether the key was one of them.
 */
export const useRowKeys = ({ onExplain, onMenu }: RowKeyOptions) => {
  const t = useTranslations('shell');
  const engine = useEngine();
  const actions = useConversationActions();

  const act = (letter: string, entry: InboxEntry): boolean => {
    const found = actOf(letter, entry, actions(entry), engine);
    if (!found) return false;
    const { run, announcement, undo } = found;
    run();
    if (announcement && undo) toast(t(announcement), { action: { label: t('undo'), onClick: undo } });
    return true;
  };

  return (event: KeyboardEvent, row: HTMLElement): boolean => {
    const id = row.dataset.row ?? '';
    const entry = engine.getState().inbox.get(id);
    if (!entry) return false;
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const letter = plain && !isFocusByPointer() ? letterOf(event) : null;
    const menu = (plain && event.key === 'ContextMenu') || (event.key === 'F10' && event.shiftKey);
    if (menu) onMenu(row);
    else if (letter === 'b') onExplain(id);
    else if (letter === null || !act(letter, entry)) return false;
    event.preventDefault();
    return true;
  };
};
