'use client';

import type { SearchClause, SearchPerson } from '@lockstep/protocol';
import { useCallback } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDateWords } from './date-words.ts';

type NameOf = (id: string) => string | undefined;

/** A filter as people read it, with the names that are known where it is shown. */
export const useClauseLabel = (
  personName: NameOf,
  conversationName: NameOf,
): ((clause: SearchClause) => string) => {
  const t = useTranslations('search');
  const common = useTranslations('common');
  const dateWords = useDateWords();
  return useCallback(
    (clause: SearchClause): string => {
      const who = (person: SearchPerson) =>
        'me' in person
          ? t('me')
          : 'id' in person
            ? (personName(person.id) ?? common('someone'))
            : person.name;
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
                  ? (conversationName(where.id) ?? t('somewhere'))
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
    [t, common, personName, conversationName, dateWords],
  );
};
