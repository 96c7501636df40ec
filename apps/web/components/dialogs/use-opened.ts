'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { useCallback } from 'react';
import { useDialogs } from '@/lib/dialogs.tsx';
import { conversationPath, navigate } from '@/lib/navigation.ts';
import { useEngine } from '@/lib/sync/index.ts';

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
