'use client';

import { useEffect, useMemo, useRef } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { conversationPath, navigate, useRouteConversation } from '@/lib/navigation.ts';
import { useSync } from '@/lib/sync/index.ts';
import { ConversationList } from '../inbox/conversation-list.tsx';
import { FilterField } from '../inbox/filter-field.tsx';
import { FilterResults, optionId } from '../inbox/filter-results.tsx';
import { ListSkeleton } from '../inbox/list-skeleton.tsx';
import { UnsentElsewhere } from '../inbox/unsent-elsewhere.tsx';
import { useFilter } from '../inbox/use-filter.ts';
import { useSections } from '../inbox/use-sections.ts';
import { SidebarHeader } from './sidebar-header.tsx';
import { useShortcuts } from './use-shortcuts.ts';

export function Sidebar({ className }: { className?: string }) {
  const t = useTranslations('shell');
  const field = useRef<HTMLInputElement>(null);
  const openId = useRouteConversation();
  const ready = useSync((state) => state.caughtUp || state.inbox.size > 0);
  const { items, toggle } = useSections();
  const filter = useFilter();
  const { query, results, setQuery } = filter;
  const ids = useMemo(
    () => items.flatMap((item) => (item.type === 'conversation' ? [item.entry.conversation.id] : [])),
    [items],
  );
  useShortcuts(ids, openId);

  const opened = useRef(openId);
  useEffect(() => {
    if (opened.current === openId) return;
    opened.current = openId;
    document.querySelector(`[data-row="${openId}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [openId]);

  const chosen = results[filter.highlighted];
  return (
    <nav
      aria-label={t('conversations')}
      className={cn('flex min-h-0 min-w-0 flex-col bg-canvas pt-safe', className)}
    >
      <SidebarHeader />
      <FilterField
        inputRef={field}
        query={query}
        onQuery={setQuery}
        activeOption={query && chosen ? optionId(chosen.conversation.id) : undefined}
        onMove={filter.move}
        onOpen={() => {
          if (!chosen) return;
          setQuery('');
          field.current?.blur();
          navigate(conversationPath(chosen.conversation.id));
        }}
      />
      <p className="sr-only" aria-live="polite">
        {query && t('filterResults', { count: results.length })}
      </p>
      {query.trim() ? (
        <FilterResults
          query={query.trim()}
          entries={results}
          highlighted={filter.highlighted}
          onFollow={() => setQuery('')}
        />
      ) : ready ? (
        <>
          <UnsentElsewhere />
          <ConversationList items={items} onToggle={toggle} />
        </>
      ) : (
        <ListSkeleton />
      )}
    </nav>
  );
}
