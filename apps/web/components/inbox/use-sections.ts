'use client';

import { useCallback, useMemo } from 'react';
import { useRouteConversation } from '@/lib/navigation.ts';
import { useInbox } from '@/lib/sync/index.ts';
import { useNow } from '@/lib/use-now.ts';
import { useStored } from '@/lib/use-stored.ts';
import { collapsedSections, type ListItem, listItems, SECTIONS, type Section } from './sections.ts';

/** The list of the sidebar, and which sections this browser has collapsed. */
export const useSections = (): { items: ListItem[]; toggle: (section: Section) => void } => {
  const entries = useInbox();
  const now = useNow();
  const openId = useRouteConversation();
  const [stored, store] = useStored('lockstep.collapsed');
  const toggled = useMemo(
    () => new Set(SECTIONS.filter((section) => stored?.split(' ').includes(section))),
    [stored],
  );
  const items = useMemo(
    () => listItems(entries, collapsedSections(toggled), openId, now),
    [entries, toggled, openId, now],
  );
  const toggle = useCallback(
    (section: Section) =>
      store(SECTIONS.filter((each) => toggled.has(each) !== (each === section)).join(' ')),
    [toggled, store],
  );
  return { items, toggle };
};
