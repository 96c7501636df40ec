'use client';

import { UNREAD_CAP } from '@lockstep/protocol';
import { useEffect, useMemo } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { isolated } from '@/lib/isolated.ts';
import { useRouteConversation } from '@/lib/navigation.ts';
import { useSync } from '@/lib/sync/index.ts';
import { useNow } from '@/lib/use-now.ts';
import { waitingIn } from '../inbox/badges.ts';
import { useConversationTitle } from '../inbox/use-conversation-title.ts';
import { unreadText } from '../ui/badge.tsx';
import { showOnIcon } from './favicon.ts';

/** "(3) design · Lockstep", and a mark on the tab's icon: how many conversations wait, and whether I am mentioned. */
export function DocumentTitle() {
  const t = useTranslations('shell');
  const app = useTranslations('common')('appName');
  const openId = useRouteConversation();
  const now = useNow();
  const title = useConversationTitle(useSync((state) => (openId ? state.inbox.get(openId) : undefined)));
  const inbox = useSync((state) => state.inbox);
  const { conversations, mentioned } = useMemo(() => waitingIn(inbox.values(), now), [inbox, now]);
  const name = title ? `${isolated(title)} · ${app}` : app;
  const count = unreadText(Math.min(conversations, UNREAD_CAP));
  const full = conversations > 0 ? t('documentTitle', { count, title: name }) : name;
  useEffect(() => {
    document.title = full;
  }, [full]);
  useEffect(() => {
    void showOnIcon(conversations, mentioned);
  }, [conversations, mentioned]);
  return null;
}
