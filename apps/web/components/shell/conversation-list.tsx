'use client';

import type { ConversationKind } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, type ReactElement, useCallback, useMemo, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { ConversationRow } from './conversation-row.tsx';
import { useRouteConversation } from './navigation.tsx';
import { SectionHeader } from './section-header.tsx';
import { itemKey, type ListItem } from './sections.ts';

/** Longer lists keep only what is near the viewport in the DOM. */
const VIRTUAL_FROM = 200;

const EMPTY = { channel: 'noChannels', group: 'noGroups', direct: 'noDirects' } as const;

interface ConversationListProps {
  items: readonly ListItem[];
  onToggle: (kind: ConversationKind) => void;
}

/** Sections and rows. One row is a tab stop; the arrows, Home and End move along the rows. */
export function ConversationList({ items, onToggle }: ConversationListProps) {
  const t = useTranslations('shell');
  const openId = useRouteConversation();
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const container = useRef<HTMLDivElement>(null);
  const list = useRef<VListHandle>(null);

  const rows = useMemo(
    () =>
      items.flatMap((item, index) => (item.type === 'conversation' ? [{ index, id: itemKey(item) }] : [])),
    [items],
  );
  const stopId =
    [focusedId, openId].find((id) => id !== null && rows.some((row) => row.id === id)) ?? rows[0]?.id;
  const stopIndex = rows.find((row) => row.id === stopId)?.index;

  const focusRow = useCallback((row: { index: number; id: string } | undefined) => {
    if (!row) return;
    setFocusedId(row.id);
    list.current?.scrollToIndex(row.index, { align: 'nearest' });
    // A row far away is mounted by the scroll, and hidden until it is measured: some frames later it takes the focus.
    const attempt = (left: number) => {
      const element = container.current?.querySelector<HTMLElement>(`[data-row="${row.id}"]`);
      element?.focus();
      if ((!element || document.activeElement !== element) && left > 0)
        requestAnimationFrame(() => attempt(left - 1));
    };
    attempt(30);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = rows.findIndex(
      (row) => row.id === (event.target as HTMLElement).closest('[data-row]')?.getAttribute('data-row'),
    );
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    focusRow(rows[to]);
  };

  const render = (item: ListItem): ReactElement => {
    if (item.type === 'section') {
      return <SectionHeader key={itemKey(item)} {...item} onToggle={() => onToggle(item.kind)} />;
    }
    if (item.type === 'empty') {
      return (
        <p key={itemKey(item)} className="px-2 pb-2 text-ink-subtle text-sm max-md:px-3">
          {t(EMPTY[item.kind])}
        </p>
      );
    }
    const { id } = item.entry.conversation;
    return <ConversationRow key={id} entry={item.entry} active={id === openId} tabStop={id === stopId} />;
  };

  const className = 'scroll-quiet min-h-0 flex-1 px-2 pb-4 max-md:px-1';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the links inside
    <div ref={container} className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      {items.length > VIRTUAL_FROM ? (
        <VList
          ref={list}
          data={items}
          className={className}
          keepMounted={stopIndex === undefined ? [] : [stopIndex]}
        >
          {render}
        </VList>
      ) : (
        <div className={className}>{items.map(render)}</div>
      )}
    </div>
  );
}
