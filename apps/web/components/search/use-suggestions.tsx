'use client';

import type { SearchClause } from '@lockstep/protocol';
import { Hash, Users } from 'lucide-react';
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

/** Shown at a time. */
export const MOST = 7;
/** A filter by a person that is being written. */
export const OF_PEOPLE = /^(-?)(from|to|mentions)[:：]@?(.*)$/iu;
const OF_PLACES = /^(-?)in[:：][@#]?(.*)$/iu;
const OF_VALUES = /^(-?)(has|is|on|during|before|after)[:：](.*)$/iu;
const VALUES: Record<string, readonly string[]> = {
  has: ['link', 'code', 'mention', 'edit'],
  is: ['unread', 'direct'],
};
const DATES = ['today', 'yesterday', 'this-week', 'last-week', 'this-month', 'last-month', 'this-year'];
/** Of a plain word, which is searched for as it is: no more than fit above the results. */
const MOST_BESIDE = 4;
const STARTS = ['from:', 'in:', 'after:', 'before:', 'has:', 'is:'] as const;

/** Whether a name, or a word in it, begins so. */
const begins = (name: string, start: string): boolean =>
  fold(name)
    .split(/[\s#]+/)
    .some((_, i, words) => words.slice(i).join(' ').startsWith(fold(start)));

export interface Suggestions {
  items: Suggestion[];
  /** A filter is being written: Enter takes the first. Otherwise the word may well be meant as it is. */
  eager: boolean;
}

/** What the last word of a query could be meant as: people, conversations, values of filters, filters. */
export const useSuggestions = (draft: Draft): Suggestions => {
  const t = useTranslations('search');
  const { me } = useMe();
  const inbox = useInbox();
  const known = useSync((state) => state.people);
  const { placeName, clauseLabel } = useNames();
  const word = /\S*$/u.exec(draft.words)?.[0] ?? '';
  const ofPeople = OF_PEOPLE.exec(word);
  const plain = /^[@#]?[^\p{P}\p{S}]{2,}$/u.test(word) ? word.replace(/^[@#]/, '') : null;
  const { people: found } = usePeopleSearch(ofPeople ? (ofPeople[3] as string) : plain);

  return useMemo(() => {
    const rest = draft.words.slice(0, draft.words.length - word.length);
    const chip = (clause: SearchClause, icon?: Suggestion['icon']): Suggestion => ({
      id: JSON.stringify(clause).replace(/\W/g, ''),
      label: clauseLabel(clause),
      icon,
      draft: toggled({ ...draft, words: rest }, clause),
    });
    const peopleCalled = (start: string) => {
      const all = new Map([...known.values(), ...found].map((one) => [one.id, one]));
      all.delete(me.id);
      const mine = begins(me.name, start) || begins(t('me'), start) ? [me] : [];
      return [...mine, ...[...all.values()].filter((one) => begins(one.name, start))];
    };
    const person = (one: { id: string; name: string }, kind: 'from' | 'to' | 'mentions', not: boolean) =>
      chip(
        { kind, who: one.id === me.id ? { me: true } : { id: one.id }, not },
        <Avatar id={one.id} name={one.name} size="xs" />,
      );
    const placesCalled = (start: string) =>
      inbox.flatMap((entry) => {
        const { id } = entry.conversation;
        const name = placeName(id);
        return name && begins(name, start) ? [{ id, name, entry }] : [];
      });
    if (ofPeople) {
      const [, minus, kind = '', start = ''] = ofPeople;
      const items = peopleCalled(start)
        .slice(0, MOST)
        .map((one) => ({ ...person(one, kind.toLowerCase() as 'from', minus !== ''), label: one.name }));
      return { items, eager: true };
    }
    const ofPlaces = OF_PLACES.exec(word);
    if (ofPlaces) {
      const [, minus, start = ''] = ofPlaces;
      const items = placesCalled(start)
        .slice(0, MOST)
        .map(({ id, name }) => ({ ...chip({ kind: 'in', where: { id }, not: minus !== '' }), label: name }));
      return { items, eager: true };
    }
    const ofValues = OF_VALUES.exec(word);
    if (ofValues) {
      const [, minus, name = '', start = ''] = ofValues;
      const kind = name.toLowerCase();
      const items = (VALUES[kind] ?? DATES)
        .filter((value) => value.startsWith(start.toLowerCase()) && value !== start.toLowerCase())
        .map((value) => {
          const clause = VALUES[kind] ? { kind, what: value } : { kind: 'date', op: kind, when: value };
          return { ...chip({ ...clause, not: minus !== '' } as SearchClause), detail: `${kind}:${value}` };
        });
      return { items, eager: true };
    }
    if (plain === null) return { items: [], eager: false };
    const starts = STARTS.filter((start) => start.startsWith(word.toLowerCase())).map((start) => ({
      id: start.replace(':', ''),
      label: start,
      draft: { ...draft, words: rest + start },
    }));
    const people = word.startsWith('#') ? [] : peopleCalled(plain).map((one) => person(one, 'from', false));
    const places = placesCalled(plain)
      .filter(({ entry }) => entry.conversation.kind !== 'direct')
      .map(({ id, entry }) => ({
        ...chip({ kind: 'in', where: { id }, not: false }),
        icon: (
          <span className="flex size-5 shrink-0 items-center justify-center text-ink-subtle">
            {entry.conversation.kind === 'channel' ? (
              <Hash aria-hidden className="size-4" />
            ) : (
              <Users aria-hidden className="size-4" />
            )}
          </span>
        ),
      }));
    // Some of both, where there are both.
    const half = Math.max(MOST_BESIDE / 2, MOST_BESIDE - people.length);
    const items = [
      ...people.slice(0, MOST_BESIDE - Math.min(places.length, MOST_BESIDE / 2)),
      ...places.slice(0, half),
    ];
    return { items: [...starts, ...items].slice(0, MOST_BESIDE + starts.length), eager: false };
  }, [draft, word, plain, ofPeople, found, known, inbox, me, t, placeName, clauseLabel]);
};
