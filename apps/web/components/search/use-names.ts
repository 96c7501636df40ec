'use client';

import { type Message, traitsOf } from '@lockstep/protocol';
import { useCallback } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { useSync } from '@/lib/sync/index.ts';
import { useClauseLabel } from './use-clause-label.ts';

/** Names of people, conversations and filters, as this device knows them. */
export const useNames = () => {
  const t = useTranslations('search');
  const common = useTranslations('common');
  const { me } = useMe();
  const people = useSync((state) => state.people);
  const inbox = useSync((state) => state.inbox);
  const personName = useCallback(
    (id: string): string | undefined => (id === me.id ? me.name : people.get(id)?.name),
    [me, people],
  );
  /** Came in with an import, and has no account: a member may be called the same. */
  const isPlaceholder = useCallback((id: string) => people.get(id)?.placeholder ?? false, [people]);
  const conversationName = useCallback(
    (id: string): string | undefined => {
      const entry = inbox.get(id);
      if (!entry) return undefined;
      const { kind, title } = entry.conversation;
      const { hasTitle, hasHashSign } = traitsOf(kind);
      if (hasTitle) return hasHashSign ? `#${title}` : (title ?? '');
      if (entry.peerId === null || entry.peerId === me.id) return common('notesToSelf');
      return people.get(entry.peerId)?.name;
    },
    [inbox, people, me, common],
  );
  /** The same beside the name of a sender, which is not said twice. */
  const conversationNameOf = useCallback(
    ({ conversationId, senderId }: Pick<Message, 'conversationId' | 'senderId'>): string | undefined => {
      const entry = inbox.get(conversationId);
      return entry &&
        traitsOf(entry.conversation.kind).hasPeer &&
        entry.peerId === senderId &&
        senderId !== me.id
        ? t('directMessage')
        : conversationName(conversationId);
    },
    [inbox, me, conversationName, t],
  );
  const clauseLabel = useClauseLabel(personName, conversationName);
  return { personName, isPlaceholder, conversationName, conversationNameOf, clauseLabel };
};
