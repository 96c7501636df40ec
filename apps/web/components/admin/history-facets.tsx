'use client';

import type { HistoryPage, SearchClause } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { type Draft, has } from '@/lib/search/draft.ts';
import { FacetList } from '../search/facet-list.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { type Names, titleOf } from './hit-row.tsx';

interface HistoryFacetsProps {
  facets: NonNullable<HistoryPage['facets']>;
  names: Names;
  draft: Draft;
  onToggle: (clause: SearchClause) => void;
}

/** Narrows what was found by people and conversations, of everybody. */
export function HistoryFacets({ facets, names, draft, onToggle }: HistoryFacetsProps) {
  const t = useTranslations('search');
  const from = (id: string): SearchClause => ({ kind: 'from', who: { id }, not: false });
  const within = (id: string): SearchClause => ({ kind: 'in', where: { id }, not: false });
  return (
    <>
      <FacetList
        title={t('people')}
        first={4}
        onToggle={(id) => onToggle(from(id))}
        items={facets.people.map(({ userId, count }) => {
          const label = names.people.get(userId)?.name ?? '?';
          return {
            id: userId,
            label,
            icon: <Avatar id={userId} name={label} size="xs" />,
            count,
            selected: has(draft, from(userId)),
          };
        })}
      />
      <FacetList
        title={t('conversations')}
        first={4}
        onToggle={(id) => onToggle(within(id))}
        items={facets.conversations.map(({ conversationId: id, count }) => ({
          id,
          label: titleOf(names, id),
          count,
          selected: has(draft, within(id)),
        }))}
      />
    </>
  );
}
