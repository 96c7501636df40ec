'use client';

import type { Message, SearchClause, SearchPerson } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { useSync } from '@/lib/sync/index.ts';
import { useMe } from '../shell/me-context.tsx';
import { useDateWords } from './date-words.ts';

/** Names of people, conversations and filters, as this device knows them. */
export const useNames = () => {
  const t = useTranslations('search');
  const common = useTranslations('common');
  const { me } = useMe();
  const dateWords = useDateWords();
  const people = useSync((state) => state.people);
  const inbox = useSync((state) => state.inbox);
  const personName = useCallback(
    (id: string): string | undefined => (id === me.id ? me.name : people.get(id)?.name),
    [me, people],
  );
  const placeName = useCallback(
    (id: string): string | undefined => {
      const entry = inbox.get(id);
      if (!entry) return undefined;
      const { kind, title } = entry.conversation;
      if (kind !== 'direct') return kind === 'channel' ? `#${title}` : (title ?? '');
      if (entry.peerId === null || entry.peerId === me.id) return common('notesToSelf');
      return people.get(entry.peerId)?.name;
    },
    [inbox, people, me, common],
  );
  /** The same beside the name of a sender, which is not said twice. */
  const placeOf = useCallback(
    ({ conversationId, senderId }: Pick<Message, 'conversationId' | 'senderId'>): string | undefined => {
      const entry = inbox.get(conversationId);
      return entry?.conversation.kind === 'direct' && entry.peerId === senderId && senderId !== me.id
        ? t('directMessage')
        : placeName(conversationId);
    },
    [inbox, me, placeName, t],
  );
  const clauseLabel = useCallback(
    (clause: SearchClause): string => {
      const who = (person: SearchPerson) =>
        'me' in person ? t('me') : 'id' in person ? (personName(person.id) ?? t('someone')) : person.name;
      const label = () => {
        switch (clause.kind) {
          case 'from':
          case 'to':
          case 'mentions':
            return t(clause.kind, { name: who(clause.who) });
          case 'in': {
            const { where } = clause;
            const name =
              'person' in where
                ? who(where.person)
                : 'id' in where
                  ? (placeName(where.id) ?? t('somewhere'))
                  : where.title;
            return t('in', { name });
          }
          case 'date':
            return t(`date_${clause.op}`, { when: dateWords(clause.when) });
          case 'has':
            return t(`has_${clause.what}`);
          case 'is':
            return t(`is_${clause.what}`);
          default:
            return clause.text;
        }
      };
      return clause.not ? t('not', { filter: label() }) : label();
    },
    [t, personName, placeName, dateWords],
  );
  return { personName, placeName, placeOf, clauseLabel };
};
