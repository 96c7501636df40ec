'use client';

import { useEffect } from 'react';
import { isApple, isComposing, isWriting } from '@/lib/keyboard.ts';
import { conversationPath, navigate } from '@/lib/navigation.ts';

/** Alt ↑ and ↓ to the previous and next conversation of the list as it stands. */
export const useShortcuts = (conversationIds: readonly string[], openId: string | null): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        isComposing(event) ||
        document.querySelector('[role=dialog],[role=alertdialog]')
      )
        return;
      const command = event.metaKey || event.ctrlKey;
      if (event.altKey && !command && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        // There it moves the caret by a paragraph.
        if (isApple() && isWriting(event.target)) return;
        event.preventDefault();
        event.stopPropagation();
        const at = openId === null ? -1 : conversationIds.indexOf(openId);
        const to = event.key === 'ArrowDown' ? at + 1 : at < 0 ? conversationIds.length - 1 : at - 1;
        const id = conversationIds[to];
        if (id) navigate(conversationPath(id));
      }
    };
    // Before the composer, for which an arrow up means "edit the last message".
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [conversationIds, openId]);
};
