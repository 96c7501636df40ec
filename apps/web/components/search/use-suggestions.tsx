'use client';

import { type Person, type SearchClause, traitsOf } from '@lockstep/protocol';
import { beginsName } from '@lockstep/search/device';
import { Hash, Users } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { type Draft, toggled } from '@/lib/search/draft.ts';
import { openFilter } from '@/lib/search/open-filter.ts';
import { useInbox, useSync } from '@/lib/sync/index.ts';
import { LookAlikeTag, NameWithMark, PlaceholderTag } from '../people/person-tags.tsx';
import { usePeopleSearch } from '../people/use-people-search.ts';
import { useDistinguishingLabel } from '../people/use-tell-apart.ts';
import { Avatar } from '../ui/avatar.tsx';
import type { Suggestion } from './query-field.tsx';
import { useNames } from './use-names.ts';

/** Shown at a time. */
export const MAX_SUGGESTIONS = 7;
const OF_VALUES = /^(-?)(has|is|on|during|before|after)[:：](.*)$/iu;
const VALUES: Record<string, readonly string[]> = {
  has: ['link', 'code', 'mention', 'edit'],
  is: ['unread', 'direct'],
};
const DATES = ['today', 'yesterday', 'this-week', 'last-week', 'this-month', 'last-month', 'this-year'];
/** Of a plain word, which is searched for as it is: no more than fit above the results. */
const MAX_FOR_WORD = 4;
const STARTS = ['from:', 'in:', 'after:', 'before:', 'has:', 'is:'] as const;

interface Suggestions {
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
  const { conversationName, clauseLabel } = useNames();
  const distinguishingLabel = useDistinguishingLabel();
  const word = /\S*$/u.exec(draft.words)?.[0] ?? '';
  const open = useMemo(() => openFilter(draft.words), [draft.words]);
  const plain = /^[@#]?[^\p{P}\p{S}]{2,}$/u.test(word) ? word.replace(/^[@#]/, '') : null;
  const { people: found } = usePeopleSearch(open && open.kind !== 'in' ? open.start : plain);

  return useMemo(() => {
    const rest = draft.words.slice(0, draft.words.length - word.length);
    const chip = (clause: SearchClause, icon?: Suggestion['icon'], before = rest): Suggestion => ({
      id: JSON.stringify(clause).replace(/\W/g, ''),
      label: clauseLabel(clause),
      icon,
      draft: toggled({ ...draft, words: before }, clause),
    });
    const peopleCalled = (start: string) => {
      const all = new Map([...known.values(), ...found].map((one) => [one.id, one]));
      all.delete(me.id);
      const mine = beginsName(me.name, start) || beginsName(t('me'), start) ? [me] : [];
      const others = [...all.values()].filter((one) => beginsName(one.name, start));
      // Members before names from an import.
      return [...mine, ...others.sort((a, b) => Number(a.placeholder) - Number(b.placeholder))];
    };
    const person = (
      one: Pick<Person, 'id' | 'name' | 'placeholder' | 'lookAlike'>,
      kind: 'from' | 'to' | 'mentions',
      not: boolean,
      before = rest,
    ): Suggestion => {
      const apart = distinguishingLabel(one);
      const suggestion = chip(
        { kind, who: one.id === me.id ? { me: true } : { id: one.id }, not },
        <Avatar id={one.id} name={one.name} size="xs" />,
        before,
      );
      if (apart)
        return {
          ...suggestion,
          label: (
            <NameWithMark name={one.name}>
              <LookAlikeTag />
            </NameWithMark>
          ),
          detail: apart,
        };
      return { ...suggestion, detail: one.placeholder ? <PlaceholderTag /> : undefined };
    };
    const placesCalled = (start: string) =>
      inbox.flatMap((entry) => {
        const { id } = entry.conversation;
        const name = conversationName(id);
        return name && beginsName(name, start) ? [{ id, name, entry }] : [];
      });
    if (open) {
      const { kind, not, start } = open;
      const items =
        kind === 'in'
          ? placesCalled(start).map(({ id, name }) => ({
              ...chip({ kind, where: { id }, not }, undefined, open.rest),
              label: name,
            }))
          : peopleCalled(start).map((one) => {
              const suggestion = person(one, kind, not, open.rest);
              return one.lookAlike === undefined ? { ...suggestion, label: one.name } : suggestion;
            });
      // What stands behind a space may be words that are searched for.
      if (items.length > 0 || !/\s/u.test(start))
        return { items: items.slice(0, MAX_SUGGESTIONS), eager: true };
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
    const conversations = placesCalled(plain)
      .filter(({ entry }) => traitsOf(entry.conversation.kind).hasTitle)
      .map(({ id, entry }) => ({
        ...chip({ kind: 'in', where: { id }, not: false }),
        icon: (
          <span className="flex size-5 shrink-0 items-center justify-center text-ink-subtle">
            {traitsOf(entry.conversation.kind).hasHashSign ? (
              <Hash aria-hidden className="size-4" />
            ) : (
              <Users aria-hidden className="size-4" />
            )}
          </span>
        ),
      }));
    // Some of both, where there are both.
    const half = Math.max(MAX_FOR_WORD / 2, MAX_FOR_WORD - people.length);
    const items = [
      ...people.slice(0, MAX_FOR_WORD - Math.min(conversations.length, MAX_FOR_WORD / 2)),
      ...conversations.slice(0, half),
    ];
    return { items: [...starts, ...items].slice(0, MAX_FOR_WORD + starts.length), eager: false };
  }, [
    draft,
    word,
    plain,
    open,
    found,
    known,
    inbox,
    me,
    t,
    conversationName,
    clauseLabel,
    distinguishingLabel,
  ]);
};
