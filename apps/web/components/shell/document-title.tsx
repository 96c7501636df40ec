'use client';

import { UNREAD_CAP } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useSync } from '@/lib/sync/index.ts';
import { unreadText } from '../ui/badge.tsx';
import { useRouteConversation } from './navigation.tsx';
import { useConversationTitle } from './use-conversation-title.ts';

/** "(3) design · Lockstep": the tab tells what waits. */
export function DocumentTitle() {
  const t = useTranslations('shell');
  const app = useTranslations('common')('appName');
  const openId = useRouteConversation();
  const title = useConversationTitle(useSync((state) => (openId ? state.inbox.get(openId) : undefined)));
  const unread = useSync((state) => {
    let sum = 0;
    for (const entry of state.inbox.values()) {
      sum += entry.unread;
      if (sum >= UNREAD_CAP) return UNREAD_CAP;
    }
    return sum;
  });
  const name = title ? `${title} · ${app}` : app;
  const full = unread > 0 ? t('documentTitle', { count: unreadText(unread), title: name }) : name;
  useEffect(() => {
    document.title = full;
  }, [full]);
  return null;
}
