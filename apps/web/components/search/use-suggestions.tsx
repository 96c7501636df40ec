'use client';

import type { SearchClause } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { fold } from '@/lib/fold.ts';
import { type Draft, toggled } from '@/lib/search/draft.ts';
import { useInbox, useSync } from '@/lib/sync/index.ts';
import { usePeopleSearch } from '../people/use-people-search.ts';
import { useMe } from '../shell/me-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import type { Suggestion } from './query-field.tsx';
import { useNames } from './use-names.ts';

const MOST = 7;
const OF_PEOPLE = /^(-?)(from|to|mentions)[:：]@?(.*)$/iu;
const OF_PLACES = /^(-?)in[:：][@#]?(.*)$/iu;
const OF_VALUES = /^(-?)(has|is|on|during|before|after)[:：](.*)$/iu;
const VALUES: Record<string, readonly string[]> = {
  has: ['link', 'code', 'mention', 'edit'],
  is: ['unread', 'direct'],
};
const DATES = ['today', 'yesterday', 'this-week', 'last-week', 'this-month', 'last-month', 'this-year'];
const STARTS = ['from:', 'in:', 'after:', 'before:', 'has:', 'is:'] as const;

/** Whether a name, or a word in it, begins so. */
const begins = (name: string, start: string): boolean =>
  fold(name)
    .split(/[\s#]+/)
    .some((_, i, words) => words.slice(i).join(' ').startsWith(fold(start)));

/** What the last word of a query could be meant as: people, conversations, values of filters, filters. */
export const useSuggestions = (draft: Draft): Suggestion[] => {
  const t = useTranslations('search');
  const { me } = useMe();
  const inbox = useInbox();
  const known = useSync((state) => state.people);
  const { placeName, clauseLabel } = useNames();
  const word = /\S*$/u.exec(draft.words)?.[0] ?? '';
  const ofPeople = OF_PEOPLE.exec(word);
  const { people: found } = usePeopleSearch(ofPeople ? (ofPeople[3] as string) : null);

  return useMemo(() => {
    const rest = draft.words.slice(0, draft.words.length - word.length);
    const chip = (clause: SearchClause, icon?: Suggestion['icon']): Suggestion => ({
      id: JSON.stringify(clause).replace(/\W/g, ''),
      label: clauseLabel(clause),
      icon,
      draft: toggled({ ...draft, words: rest }, clause),
    });
    if (ofPeople) {
      const [, minus, kind, start = ''] = ofPeople;
      const all = new Map([...known.values(), ...found].map((one) => [one.id, one]));
      all.delete(me.id);
      const mine = begins(me.name, start) || begins(t('me'), start) ? [me] : [];
      return [...mine, ...[...all.values()].filter((one) => begins(one.name, start))]
        .slice(0, MOST)
        .map((one) => ({
          ...chip(
            {
              kind: kind?.toLowerCase() as 'from',
              who: one.id === me.id ? { me: true } : { id: one.id },
              not: minus !== '',
            },
            <Avatar id={one.id} name={one.name} size="xs" />,
          ),
          label: one.name,
        }));
    }
    const ofPlaces = OF_PLACES.exec(word);
    if (ofPlaces) {
      const [, minus, start = ''] = ofPlaces;
      return inbox
        .flatMap(({ conversation: { id } }) => {
          const name = placeName(id);
          return name && begins(name, start) ? [{ id, name }] : [];
        })
        .slice(0, MOST)
        .map(({ id, name }) => ({
          ...chip({ kind: 'in', where: { id }, not: minus !== '' }),
          label: name,
        }));
    }
    const ofValues = OF_VALUES.exec(word);
    if (ofValues) {
      const [, minus, name = '', start = ''] = ofValues;
      const kind = name.toLowerCase();
      return (VALUES[kind] ?? DATES)
        .filter((value) => value.startsWith(start.toLowerCase()) && value !== start.toLowerCase())
        .map((value) => {
          const clause = VALUES[kind] ? { kind, what: value } : { kind: 'date', op: kind, when: value };
          return { ...chip({ ...clause, not: minus !== '' } as SearchClause), detail: `${kind}:${value}` };
        });
    }
    if (word.length < 2) return [];
    return STARTS.filter((start) => start.startsWith(word.toLowerCase())).map((start) => ({
      id: start.replace(':', ''),
      label: start,
      draft: { ...draft, words: rest + start },
    }));
  }, [draft, word, ofPeople, found, known, inbox, me, t, placeName, clauseLabel]);
};
