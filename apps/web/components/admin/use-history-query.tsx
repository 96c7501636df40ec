'use client';

import type { SearchClause } from '@lockstep/protocol';
import { beginsName, deviceNames } from '@lockstep/search/device';
import { useRef, useState } from 'react';
import { commit, type Draft, EMPTY, readDraft, toggled } from '@/lib/search/draft.ts';
import { openFilter } from '@/lib/search/open-filter.ts';
import { PlaceholderTag } from '../people/person-tags.tsx';
import { usePeopleSearch } from '../people/use-people-search.ts';
import type { Suggestion } from '../search/query-field.tsx';
import { useClauseLabel } from '../search/use-clause-label.ts';
import { MAX_SUGGESTIONS } from '../search/use-suggestions.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { type Names, titleOf } from './hit-row.tsx';

/** The query of message history: its text, its filter labels, and suggestions for the filter being typed. */
export const useHistoryQuery = (names: Names) => {
  const [draft, setDraft] = useState(EMPTY);
  const found = openFilter(draft.words);
  const open = found?.kind === 'in' ? null : found;
  const { people } = usePeopleSearch(open?.start ?? null);
  /** Names of people once suggested: their chips stay. */
  const suggestedNames = useRef(new Map<string, string>());
  for (const { id, name } of people) suggestedNames.current.set(id, name);
  const clauseLabel = useClauseLabel(
    (id) => names.people.get(id)?.name ?? suggestedNames.current.get(id),
    (id) => titleOf(names, id) || undefined,
  );
  const suggestions = (
    open ? people.filter(({ name }) => !/\s/u.test(open.start) || beginsName(name, open.start)) : []
  )
    .slice(0, MAX_SUGGESTIONS)
    .map(({ id, name, placeholder }): Suggestion => {
      const clause = { kind: open?.kind, who: { id }, not: open?.not } as SearchClause;
      return {
        id,
        label: name,
        detail: placeholder ? <PlaceholderTag /> : undefined,
        icon: <Avatar id={id} name={name} size="xs" />,
        draft: toggled({ ...draft, words: open?.rest ?? '' }, clause),
      };
    });
  const known = deviceNames(
    () => [...suggestedNames.current.values(), ...[...names.people.values()].map(({ name }) => name)],
    () => [...names.conversations.values()].flatMap(({ title }) => title ?? []),
  );
  return {
    draft,
    read: (text: string) => readDraft(text, known),
    setDraft: (next: Draft) => setDraft(commit(next, known)),
    clauseLabel,
    suggestions,
  };
};
