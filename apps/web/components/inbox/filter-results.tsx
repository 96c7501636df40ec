'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { MessageSquarePlus, Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { Button } from '../ui/button.tsx';
import { ConversationRow } from './conversation-row.tsx';

export const RESULTS_ID = 'conversation-results';
export const optionId = (conversationId: string): string => `result-${conversationId}`;

interface FilterResultsProps {
  query: string;
  entries: readonly InboxEntry[];
  highlighted: number;
  onFollow: () => void;
}

/** What the filter found. The focus stays in the field, which points at the chosen option. */
export function FilterResults({ query, entries, highlighted, onFollow }: FilterResultsProps) {
  const t = useTranslations('shell');
  const { show } = useDialogs();
  const list = useRef<VListHandle>(null);
  useEffect(() => {
    list.current?.scrollToIndex(highlighted, { align: 'nearest' });
  }, [highlighted]);
  if (entries.length === 0) {
    return (
      <div className="flex flex-1 flex-col items-center px-6 pt-10 text-center">
        <p className="max-w-full break-words font-medium text-base">{t('filterEmpty', { query })}</p>
        <p className="mt-1 text-ink-subtle text-sm">{t('filterEmptyHint')}</p>
        <div className="mt-4 flex flex-wrap justify-center gap-2">
          <Button size="sm" onClick={() => show({ type: 'direct' })}>
            <MessageSquarePlus aria-hidden className="size-4" />
            {t('newDirect')}
          </Button>
          <Button size="sm" onClick={() => show({ type: 'browse', query })}>
            <Search aria-hidden className="size-4" />
            {t('browseChannels')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div
      id={RESULTS_ID}
      role="listbox"
      aria-label={t('conversations')}
      className="flex min-h-0 flex-1 flex-col"
    >
      <VList
        ref={list}
        data={entries}
        keepMounted={[highlighted]}
        className="scroll-quiet min-h-0 flex-1 px-2 pb-4 max-md:px-1"
      >
        {(entry, index) => (
          <ConversationRow
            key={entry.conversation.id}
            entry={entry}
            active={false}
            tabStop={false}
            highlighted={index === highlighted}
            optionId={optionId(entry.conversation.id)}
            onFollow={onFollow}
          />
        )}
      </VList>
    </div>
  );
}
