'use client';

import type { SearchClause } from '@lockstep/protocol';
import { useRef, useState } from 'react';
import { commit, type Draft, EMPTY, toggled } from '@/lib/search/draft.ts';
import { usePeopleSearch } from '../people/use-people-search.ts';
import type { Suggestion } from '../search/query-field.tsx';
import { useClauseLabel } from '../search/use-clause-label.ts';
import { MOST, OF_PEOPLE } from '../search/use-suggestions.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { type Names, titleOf } from './hit-row.tsx';

/** What is being asked of message history, how its filters read, and whom the one being written could mean. */
export const useHistoryQuery = (names: Names) => {
  const [draft, setDraft] = useState(EMPTY);
  const word = /\S*$/u.exec(draft.words)?.[0] ?? '';
  const [, minus = '', kind = '', start = ''] = OF_PEOPLE.exec(word) ?? [];
  const { people } = usePeopleSearch(kind === '' ? null : start);
  /** Names of people once suggested: their chips stay. */
  const met = useRef(new Map<string, string>());
  for (const { id, name } of people) met.current.set(id, name);
  const clauseLabel = useClauseLabel(
    (id) => names.people.get(id)?.name ?? met.current.get(id),
    (id) => titleOf(names, id) || undefined,
  );
  const suggestions = people.slice(0, kind === '' ? 0 : MOST).map(({ id, name }): Suggestion => {
    const clause = { kind: kind.toLowerCase(), who: { id }, not: minus !== '' } as SearchClause;
    const words = draft.words.slice(0, draft.words.length - word.length);
    return {
      id,
      label: name,
      icon: <Avatar id={id} name={name} size="xs" />,
      draft: toggled({ ...draft, words }, clause),
    };
  });
  return { draft, setDraft: (next: Draft) => setDraft(commit(next)), clauseLabel, suggestions };
};
