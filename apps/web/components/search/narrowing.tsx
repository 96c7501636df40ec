'use client';

import type { SearchClause } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { type Draft, has } from '@/lib/search/draft.ts';
import { Avatar } from '../ui/avatar.tsx';
import { FacetList } from './facet-list.tsx';

interface NarrowingProps {
  facets: {
    people: readonly { userId: string; count: number }[];
    conversations: readonly { conversationId: string; count: number }[];
  };
  draft: Draft;
  onToggle: (clause: SearchClause) => void;
  personName: (id: string) => string;
  placeName: (id: string) => string;
  /** Shown of each list before one asks for all. */
  first?: number;
}

/** Narrows what was found to people and conversations. */
export function Narrowing({ facets, draft, onToggle, personName, placeName, first }: NarrowingProps) {
  const t = useTranslations('search');
  const from = (id: string): SearchClause => ({ kind: 'from', who: { id }, not: false });
  const within = (id: string): SearchClause => ({ kind: 'in', where: { id }, not: false });
  return (
    <>
      <FacetList
        title={t('people')}
        first={first}
        onToggle={(id) => onToggle(from(id))}
        items={facets.people.map(({ userId, count }) => {
          const label = personName(userId);
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
        first={first}
        onToggle={(id) => onToggle(within(id))}
        items={facets.conversations.map(({ conversationId: id, count }) => ({
          id,
          label: placeName(id),
          count,
          selected: has(draft, within(id)),
        }))}
      />
    </>
  );
}
