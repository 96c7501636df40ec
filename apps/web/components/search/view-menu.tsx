'use client';

import { ArrowDownWideNarrow, ChevronDown } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import type { Draft } from '@/lib/search/draft.ts';
import type { SearchState } from '@/lib/search/session.ts';
import { Button } from '../ui/button.tsx';
import {
  Menu,
  MenuContent,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '../ui/menu.tsx';

interface ViewMenuProps {
  state: SearchState;
  onDraft: (draft: Draft) => void;
  onGrouped: (grouped: boolean) => void;
}

/** In which order the hits stand, and whether by conversation. */
export function ViewMenu({ state: { draft, grouped }, onDraft, onGrouped }: ViewMenuProps) {
  const t = useTranslations('search');
  const best = draft.sort === 'best';
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="sm" data-testid="search-order">
          <ArrowDownWideNarrow aria-hidden className="size-4" />
          {t(best ? 'sortBest' : 'sortNewest')}
          <ChevronDown aria-hidden className="-ml-1 size-3.5 max-md:hidden" />
        </Button>
      </MenuTrigger>
      <MenuContent align="end" className="w-56">
        <MenuLabel>{t('order')}</MenuLabel>
        <MenuRadioGroup
          value={best ? 'best' : 'newest'}
          onValueChange={(value) => onDraft({ ...draft, sort: value === 'best' ? 'best' : null })}
        >
          <MenuRadioItem value="newest">{t('sortNewest')}</MenuRadioItem>
          <MenuRadioItem value="best">{t('sortBest')}</MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuLabel>{t('layout')}</MenuLabel>
        <MenuRadioGroup
          value={grouped ? 'grouped' : 'flat'}
          onValueChange={(value) => onGrouped(value === 'grouped')}
        >
          <MenuRadioItem value="flat">{t('flat')}</MenuRadioItem>
          <MenuRadioItem value="grouped">{t('grouped')}</MenuRadioItem>
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
