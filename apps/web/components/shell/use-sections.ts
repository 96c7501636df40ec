'use client';

import type { ConversationKind } from '@lockstep/protocol';
import { useCallback, useMemo } from 'react';
import { useInbox } from '@/lib/sync/index.ts';
import { useRouteConversation } from './navigation.tsx';
import { type ListItem, listItems, SECTIONS } from './sections.ts';
import { useStored } from './use-stored.ts';

/** The list of the sidebar, and which sections this browser has collapsed. */
export const useSections = (): { items: ListItem[]; toggle: (kind: ConversationKind) => void } => {
  const entries = useInbox();
  const openId = useRouteConversation();
  const [stored, store] = useStored('lockstep.collapsed');
  const collapsed = useMemo(
    () => new Set<ConversationKind>(SECTIONS.filter((kind) => stored?.split(' ').includes(kind))),
    [stored],
  );
  const items = useMemo(() => listItems(entries, collapsed, openId), [entries, collapsed, openId]);
  const toggle = useCallback(
    (kind: ConversationKind) =>
      store(SECTIONS.filter((each) => collapsed.has(each) !== (each === kind)).join(' ')),
    [collapsed, store],
  );
  return { items, toggle };
};
