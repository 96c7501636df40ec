'use client';

import type { SearchClause } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { type Draft, has, monthsIn, toggled, withMonths } from '@/lib/search/draft.ts';
import type { SearchState } from '@/lib/search/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { FacetList } from './facet-list.tsx';
import { Histogram } from './histogram.tsx';
import { useNames } from './use-names.ts';

const avatar = (id: string, name: string) => <Avatar id={id} name={name} size="xs" />;

/** Narrows a search of one's own messages by month, person and conversation; beside the results where there is room. */
export function Facets({ state, onDraft }: { state: SearchState; onDraft: (draft: Draft) => void }) {
  const t = useTranslations('search');
  const { personName, placeName } = useNames();
  const { facets, months, draft } = state;
  if (!facets || (facets.total.count === 0 && !monthsIn(draft))) return null;
  const from = (id: string): SearchClause => ({ kind: 'from', who: { id }, not: false });
  const within = (id: string): SearchClause => ({ kind: 'in', where: { id }, not: false });
  const names = new Map(facets.persons.map(({ id, name }) => [id, name]));
  return (
    <aside
      aria-label={t('facets')}
      data-testid="facets"
      className="scroll-quiet flex w-72 shrink-0 flex-col gap-5 border-line border-l px-3 py-4 max-lg:hidden"
    >
      <Histogram
        months={months}
        range={monthsIn(draft)}
        onRange={(range) => onDraft(withMonths(draft, range))}
      />
      <FacetList
        title={t('people')}
        onToggle={(id) => onDraft(toggled(draft, from(id)))}
        items={facets.people.map(({ userId, count }) => {
          const label = names.get(userId) ?? personName(userId) ?? t('someone');
          return {
            id: userId,
            label,
            icon: avatar(userId, label),
            count,
            selected: has(draft, from(userId)),
          };
        })}
      />
      <FacetList
        title={t('conversations')}
        onToggle={(id) => onDraft(toggled(draft, within(id)))}
        items={facets.conversations.map(({ conversationId: id, count }) => ({
          id,
          label: placeName(id) ?? t('somewhere'),
          count,
          selected: has(draft, within(id)),
        }))}
      />
    </aside>
  );
}
