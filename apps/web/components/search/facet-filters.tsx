'use client';

import type { Person, SearchClause } from '@lockstep/protocol';
import { useTranslations } from '@/i18n/use-translations.ts';
import { type Draft, has } from '@/lib/search/draft.ts';
import { LookAlikeSign, NameWithMark, PlaceholderTag } from '../people/person-tags.tsx';
import { useDistinguishingLabel } from '../people/use-tell-apart.ts';
import { Avatar } from '../ui/avatar.tsx';
import { FacetList } from './facet-list.tsx';

interface FacetFiltersProps {
  facets: {
    people: readonly { userId: string; count: number }[];
    conversations: readonly { conversationId: string; count: number }[];
  };
  draft: Draft;
  onToggle: (clause: SearchClause) => void;
  person: (id: string) => Pick<Person, 'name' | 'placeholder' | 'lookAlike'> | undefined;
  conversationName: (id: string) => string;
  /** Shown of each list before one asks for all. */
  first?: number;
}

/** Narrows what was found to people and conversations. */
export function FacetFilters(props: FacetFiltersProps) {
  const { facets, draft, onToggle, person, conversationName, first } = props;
  const t = useTranslations('search');
  const common = useTranslations('common');
  const distinguishingLabel = useDistinguishingLabel();
  const from = (id: string): SearchClause => ({ kind: 'from', who: { id }, not: false });
  const within = (id: string): SearchClause => ({ kind: 'in', where: { id }, not: false });
  return (
    <>
      <FacetList
        title={t('people')}
        first={first}
        onToggle={(id) => onToggle(from(id))}
        items={facets.people.map(({ userId, count }) => {
          const one = person(userId);
          const name = one?.name ?? common('someone');
          const apart = distinguishingLabel({ ...one, id: userId });
          return {
            id: userId,
            label: apart ? (
              <NameWithMark name={name}>
                <LookAlikeSign person={{ ...one, id: userId }} />
              </NameWithMark>
            ) : (
              name
            ),
            hint: apart ?? undefined,
            icon: <Avatar id={userId} name={name} size="xs" />,
            note: one?.placeholder ? <PlaceholderTag /> : undefined,
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
          label: conversationName(id),
          count,
          selected: has(draft, within(id)),
        }))}
      />
    </>
  );
}
