'use client';

import type { Message, SystemEvent } from '@lockstep/protocol';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useSync } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';

/** Names before the rest becomes "and 4 others". */
const NAMED = 3;

const bold = (chunks: ReactNode) => <strong className="font-medium text-ink">{chunks}</strong>;

/** What happened, worded for the reader: "Ann added you and Bob". */
export const SystemText = ({ message, event }: { message: Message; event: SystemEvent }) => {
  const t = useTranslations('conversation');
  const locale = useLocale();
  const { meId, entry } = useConversation();
  const people = useSync((state) => state.people);

  const name = (userId: string, as: 'subject' | 'object') =>
    userId === meId ? t(`you.${as}`) : (people.get(userId)?.name ?? t('someone'));
  const names = (userIds: readonly string[], as: 'subject' | 'object') => {
    const shown = userIds.length > NAMED + 1 ? userIds.slice(0, NAMED) : userIds;
    const parts = shown.map((userId) => name(userId, as));
    const rest = userIds.length - shown.length;
    if (rest > 0) parts.push(t('system.others', { count: rest }));
    return new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }).format(parts);
  };
  const by = name(message.senderId, 'subject');

  switch (event.type) {
    case 'created': {
      const { kind } = entry.conversation;
      if (kind === 'channel') return t.rich('system.createdChannel', { b: bold, by });
      return t.rich(kind === 'group' ? 'system.createdGroup' : 'system.createdDirect', { b: bold, by });
    }
    case 'renamed':
      return t.rich('system.renamed', { b: bold, by, title: event.title });
    case 'topic':
      return event.topic
        ? t.rich('system.topic', { b: bold, by, topic: event.topic })
        : t.rich('system.topicCleared', { b: bold, by });
    case 'joined': {
      const alone = event.userIds.length === 1 && event.userIds[0] === message.senderId;
      return alone
        ? t.rich('system.joined', { b: bold, names: by })
        : t.rich('system.added', { b: bold, by, names: names(event.userIds, 'object') });
    }
    case 'left':
      return event.userId === message.senderId
        ? t.rich('system.left', { b: bold, by })
        : t.rich('system.removed', { b: bold, by, name: name(event.userId, 'object') });
    case 'role': {
      const values = { b: bold, by, name: name(event.userId, 'object') };
      if (event.role === 'owner') return t.rich('system.roleOwner', values);
      return t.rich(event.role === 'admin' ? 'system.roleAdmin' : 'system.roleMember', values);
    }
  }
};
