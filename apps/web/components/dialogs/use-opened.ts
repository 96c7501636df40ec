'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { useCallback } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import { useDialogs } from '../shell/dialogs-context.tsx';
import { conversationPath, navigate } from '../shell/navigation.tsx';

/** After a call that gave a conversation: the list has it at once, the dialog closes, the conversation opens. */
export const useOpened = (): ((entry: InboxEntry) => void) => {
  const engine = useEngine();
  const { hide } = useDialogs();
  return useCallback(
    (entry) => {
      engine.applyEntry(entry);
      hide();
      navigate(conversationPath(entry.conversation.id));
    },
    [engine, hide],
  );
};
