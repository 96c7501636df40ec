import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { isFocusByPointer } from '@/lib/focus-by-pointer.ts';
import { hasCommand, letterOf } from '@/lib/keyboard.ts';
import { useConversationTools } from '../context.tsx';
import { useMessageActions } from '../message/actions.tsx';
import type { Row } from './rows.ts';
import type { Jumps } from './use-jumps.ts';
import type { Scroll } from './use-scroll.ts';

const KEYS: Record<string, 'copy' | 'link' | 'edit' | 'recall'> = {
  c: 'copy',
  l: 'link',
  e: 'edit',
  delete: 'recall',
};

const isCopy = (event: KeyboardEvent): boolean =>
  hasCommand(event) && !event.altKey && !event.shiftKey && letterOf(event) === 'c';

interface MessageKeys {
  /** The message that the keyboard stands on: the only one that Tab reaches. */
  activeKey: string | null;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
  onFocus(event: { target: EventTarget }): void;
}

/**
 * ↑ ↓ Home End move between the messages; C, L, E and Del act on one; D opens the calendar, B goes back to where one was
 * before a jump; Escape goes back to writing.
 */
export const useMessageKeys = (rows: readonly Row[], scroll: Scroll, jumps: Jumps): MessageKeys => {
  const { actions } = useConversationTools();
  const actionsOf = useMessageActions();
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const focusNext = useRef(false);

  useLayoutEffect(() => {
    if (!activeKey || !focusNext.current) return;
    focusNext.current = false;
    const selector = `[data-key="${CSS.escape(activeKey)}"]`;
    scroll.scroller.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }, [activeKey, scroll.scroller]);

  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    const at = rows.indexOf(row);
    if (at === rows.length - 1) scroll.toEnd();
    else scroll.toRow(at, { align: 'nearest' });
    if (row.key === activeKey) {
      const selector = `[data-key="${CSS.escape(row.key)}"]`;
      scroll.scroller.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
      return;
    }
    focusNext.current = true;
    setActiveKey(row.key);
  };

  const lastVisible = () => {
    const { current: list } = scroll.list;
    return list ? list.findItemIndex(list.scrollOffset + list.viewportSize - 8) : rows.length - 1;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const onMessage = target.dataset.testid === 'message';
    if (event.key === 'Escape') {
      event.preventDefault();
      actions.focusComposer();
      return;
    }
    // Buttons, links and menus inside a message keep their keys.
    if (!onMessage && target !== scroll.scroller.current) return;
    const index = onMessage ? rows.findIndex((row) => row.key === target.dataset.key) : -1;
    const moves: Record<string, () => number> = {
      ArrowUp: () => (index < 0 ? lastVisible() : index - 1),
      ArrowDown: () => (index < 0 ? lastVisible() : index + 1),
      Home: () => 0,
      End: () => rows.length - 1,
    };
    const move = moves[event.key];
    if (move && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      go(move());
      return;
    }
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    // After a click letters are meant as text (use-type-to-write.ts).
    const letter = isFocusByPointer() ? null : letterOf(event);
    if (plain && letter === 'd') {
      event.preventDefault();
      actions.pickDate(target);
      return;
    }
    if (plain && letter === 'b' && jumps.canGoBack) {
      event.preventDefault();
      jumps.back();
      return;
    }
    const message = rows[index]?.message;
    if (!message || window.getSelection()?.isCollapsed === false) return;
    const key = event.key === 'Delete' && !isFocusByPointer() ? 'delete' : letter;
    const id = isCopy(event) ? 'copy' : plain && key !== null ? KEYS[key] : undefined;
    const action = actionsOf(message).find((each) => each.id === id);
    if (!action) return;
    event.preventDefault();
    action.run();
  };

  const onFocus = useCallback((event: { target: EventTarget }) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-testid="message"]');
    if (row?.dataset.key) setActiveKey(row.dataset.key);
  }, []);

  return { activeKey, onKeyDown, onFocus };
};
