'use client';

import { useTranslations } from '@/i18n/use-translations.ts';
import { type Draft, monthsIn, toggled, withMonths } from '@/lib/search/draft.ts';
import type { SearchState } from '@/lib/search/session.ts';
import { useSync } from '@/lib/sync/index.ts';
import { FacetFilters } from './facet-filters.tsx';
import { FiltersSheet } from './filters-sheet.tsx';
import { Histogram } from './histogram.tsx';
import { useNames } from './use-names.ts';

interface FacetsProps {
  state: SearchState;
  onDraft: (draft: Draft) => void;
}

/** Whether there is anything to narrow by. */
export const hasFacets = ({ facets, draft }: SearchState): boolean =>
  facets !== null && (facets.total.count > 0 || monthsIn(draft) !== null);

/** Beside the results where there is room; its place is kept while the first answer is waited for. */
export function FacetsBeside(props: FacetsProps) {
  const t = useTranslations('search');
  if (!hasFacets(props.state) && props.state.status !== 'waiting') return null;
  return (
    <aside
      aria-label={t('facets')}
      data-testid="facets"
      className="scroll-quiet w-72 shrink-0 border-line border-l px-3 py-4 max-lg:hidden"
    >
      <Facets {...props} />
    </aside>
  );
}

interface FacetsSheetProps extends FacetsProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The same where there is no room: a panel over the results. */
export function FacetsSheet({ open, onOpenChange, ...props }: FacetsSheetProps) {
  const { facets, status, draft } = props.state;
  return (
    <FiltersSheet
      open={open}
      onOpenChange={onOpenChange}
      total={status === 'done' && facets ? facets.total : null}
      onClear={draft.chips.length > 0 ? () => props.onDraft({ ...draft, chips: [] }) : null}
    >
      <Facets {...props} />
    </FiltersSheet>
  );
}

/** Narrows a search of one's own messages by month, person and conversation. */
function Facets({ state, onDraft }: FacetsProps) {
  const t = useTranslations('search');
  const { conversationName } = useNames();
  const known = useSync(({ people }) => people);
  const { facets, months, draft } = state;
  if (!facets || !hasFacets(state)) return null;
  const found = new Map(facets.persons.map((person) => [person.id, person]));
  return (
    <div className="flex flex-col gap-5">
      <Histogram
        months={months}
        range={monthsIn(draft)}
        onRange={(range) => onDraft(withMonths(draft, range))}
      />
      <FacetFilters
        facets={facets}
        draft={draft}
        onToggle={(clause) => onDraft(toggled(draft, clause))}
        person={(id) => known.get(id) ?? found.get(id)}
        conversationName={(id) => conversationName(id) ?? t('somewhere')}
      />
    </div>
  );
}
