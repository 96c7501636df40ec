'use client';

import {
  type KeyboardEvent,
  type ReactElement,
  type SyntheticEvent,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import { VList, type VListHandle } from 'virtua';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useRouteConversation } from '@/lib/navigation.ts';
import { useSync } from '@/lib/sync/index.ts';
import { ContextMenu, ContextMenuContent, ContextMenuTrigger } from '../ui/context-menu.tsx';
import { useAfterClose } from '../ui/use-after-close.ts';
import { useExplainBadge } from './badge-explainer.tsx';
import { CONTEXT_MENU, ConversationMenuItems } from './conversation-menu.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { SectionHeader } from './section-header.tsx';
import { itemKey, type ListItem, type Section } from './sections.ts';
import { useRowKeys } from './use-row-keys.ts';

/** Longer lists keep only what is near the viewport in the DOM. */
const VIRTUAL_FROM = 200;

const EMPTY = { channel: 'noChannels', group: 'noGroups', direct: 'noDirects' } as const;

interface ConversationListProps {
  items: readonly ListItem[];
  onToggle: (section: Section) => void;
}

/** Opens the menu at a point, as the right mouse button does. */
const openMenuAt = (element: HTMLElement, x: number, y: number) =>
  element.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: x, clientY: y }),
  );

/** Sections and rows. One row is a tab stop; the arrows, Home and End move along the rows. */
export function ConversationList({ items, onToggle }: ConversationListProps) {
  const t = useTranslations('shell');
  const openId = useRouteConversation();
  const explain = useExplainBadge();
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [menuId, setMenuId] = useState<string | null>(null);
  const menuEntry = useSync((state) => (menuId ? state.inbox.get(menuId) : undefined));
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
  const rowElement = useCallback(
    (id: string) => container.current?.querySelector<HTMLElement>(`[data-row="${id}"]`) ?? null,
    [],
  );
  const { afterClose, onCloseAutoFocus } = useAfterClose(() => (menuId === null ? null : rowElement(menuId)));

  const focusRow = useCallback(
    (row: { index: number; id: string } | undefined) => {
      if (!row) return;
      setFocusedId(row.id);
      list.current?.scrollToIndex(row.index, { align: 'nearest' });
      // A row far away is mounted by the scroll, and hidden until it is measured: some frames later it takes the focus.
      const attempt = (left: number) => {
        const element = rowElement(row.id);
        element?.focus();
        if ((!element || document.activeElement !== element) && left > 0)
          requestAnimationFrame(() => attempt(left - 1));
      };
      attempt(30);
    },
    [rowElement],
  );

  const openMenu = useCallback((_id: string, button: HTMLElement) => {
    const { left, bottom } = button.getBoundingClientRect();
    openMenuAt(button, left, bottom + 2);
  }, []);
  const explainRow = (id: string) => {
    const row = rowElement(id);
    if (row) explain(id, row.querySelector<HTMLElement>('[data-badge]') ?? row);
  };
  const onRowKey = useRowKeys({
    onExplain: explainRow,
    onMenu: (row) => {
      const { left, bottom } = row.getBoundingClientRect();
      openMenuAt(row, left + 48, bottom - 12);
    },
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    const at = rows.findIndex(({ id }) => id === row?.dataset.row);
    if (!row || at < 0 || onRowKey(event, row)) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    focusRow(rows[to]);
  };

  /** Which row a menu is for; beside the rows the browser's own menu stays. */
  const aim = (event: SyntheticEvent) => {
    const row = (event.target as HTMLElement)
      .closest('[data-row], [data-testid="row-menu"]')
      ?.parentElement?.querySelector<HTMLElement>('[data-row]');
    if (row) setMenuId(row.dataset.row ?? null);
    else event.stopPropagation();
  };

  const render = (item: ListItem): ReactElement => {
    if (item.type === 'section') {
      return <SectionHeader key={itemKey(item)} {...item} onToggle={() => onToggle(item.section)} />;
    }
    if (item.type === 'empty') {
      return (
        <p key={itemKey(item)} className="px-2 pb-2 text-ink-subtle text-sm max-md:px-3">
          {t(EMPTY[item.section])}
        </p>
      );
    }
    const { id } = item.entry.conversation;
    return (
      <ConversationRow
        key={id}
        entry={item.entry}
        active={id === openId}
        tabStop={id === stopId}
        onMenu={openMenu}
      />
    );
  };

  const className = 'scroll-quiet min-h-0 flex-1 px-2 pb-4 max-md:px-1';
  return (
    <ContextMenu>
      <ContextMenuTrigger asChild>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the links inside */}
        <div
          ref={container}
          className="flex min-h-0 flex-1 flex-col"
          data-testid="conversation-list"
          onKeyDown={onKeyDown}
          onContextMenuCapture={aim}
          onPointerDownCapture={(event) => event.pointerType !== 'mouse' && aim(event)}
        >
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
      </ContextMenuTrigger>
      {menuEntry && (
        <ContextMenuContent
          aria-label={t('conversationMenu')}
          data-testid="conversation-menu"
          className="w-60"
          onCloseAutoFocus={onCloseAutoFocus}
        >
          <ConversationMenuItems
            entry={menuEntry}
            kit={CONTEXT_MENU}
            keys
            afterClose={afterClose}
            onExplain={() => explainRow(menuEntry.conversation.id)}
          />
        </ContextMenuContent>
      )}
    </ContextMenu>
  );
}
