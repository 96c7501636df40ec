import { FOREVER, isMuted } from '@lockstep/protocol';
import type { KeyboardEvent } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import { useConversationActions } from './use-conversation-actions.ts';

interface RowKeyOptions {
  onExplain: (conversationId: string) => void;
  onMenu: (row: HTMLElement) => void;
}

/**
 * Keys on a row of the list: U unread, M mute, P pin, A archive, B explain the badge; the menu key and Shift F10 open the
 * menu. Tells whether the key was one of them.
 */
export const useRowKeys = ({ onExplain, onMenu }: RowKeyOptions) => {
  const engine = useEngine();
  const actions = useConversationActions();
  return (event: KeyboardEvent, row: HTMLElement): boolean => {
    const id = row.dataset.row ?? '';
    const entry = engine.getState().inbox.get(id);
    if (!entry) return false;
    const commands = actions(entry);
    const muted = isMuted(entry, Date.now());
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const runs: Record<string, () => void> = {
      u: commands.toggleRead,
      m: () => commands.mute(muted ? null : FOREVER),
      p: commands.togglePin,
      a: commands.toggleArchive,
      b: () => onExplain(id),
      contextmenu: () => onMenu(row),
    };
    const run =
      event.key === 'F10' && event.shiftKey
        ? () => onMenu(row)
        : plain
          ? runs[event.key.toLowerCase()]
          : undefined;
    if (!run) return false;
    event.preventDefault();
    run();
    return true;
  };
};
