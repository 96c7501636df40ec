import { hasText, isFullyKnown, isRecalled } from '@lockstep/protocol';
import { useLocale } from 'next-intl';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useNameOf, withNames } from '@/components/people/mention-names.ts';
import { usePlainTranslations } from '@/i18n/use-translations.ts';
import { dateFormat } from '@/lib/date-format.ts';
import { hasCommand, letterOf } from '@/lib/keyboard.ts';
import { copyOf } from '@/lib/reading.ts';
import { clock, dayOf } from '@/lib/time.ts';
import { useSystemWords } from '../message/system-message.tsx';
import { type CopiedWords, copiedText } from './copied.ts';
import type { Row } from './rows.ts';
import { messageAt, selectedRows } from './selected.ts';

interface TimelineSelection {
  /** Indexes of the rows where the selection begins and ends: they stay in the page. */
  held: readonly number[];
  /** Ctrl+A: all that is loaded. */
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
}

/**
 * A selection over rows of which only some are in the page. Those where it begins and ends are kept there, so that it can
 * be dragged, scrolled and extended by Shift and a click; what is copied of several messages is made from what is loaded.
 */
export const useSelection = (
  rows: readonly Row[],
  scroller: RefObject<HTMLElement | null>,
  epoch: number,
): TimelineSelection => {
  const words = useCopiedWords();
  const [ends, setEnds] = useState<readonly string[]>([]);
  const now = useRef({ rows, words });
  now.current = { rows, words };
  /** Where it began, in a window that was replaced: what lies between is not loaded. */
  const lost = useRef<Row | null>(null);
  const began = useRef<Row | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another epoch is another window.
  useEffect(
    () => () => {
      lost.current = began.current ?? lost.current;
    },
    [epoch],
  );

  useEffect(() => {
    const keyAt = (node: Node | null, offset: number): string | null =>
      node && scroller.current?.contains(node) ? (messageAt(node, offset)?.dataset.key ?? null) : null;
    // Comes with each key that is typed anywhere: then neither end is in the list.
    const onSelection = () => {
      const selection = window.getSelection();
      const anchor = selection && keyAt(selection.anchorNode, selection.anchorOffset);
      const focus = selection && keyAt(selection.focusNode, selection.focusOffset);
      began.current = anchor ? (now.current.rows.find(({ key }) => key === anchor) ?? null) : null;
      if (began.current || selection?.rangeCount === 0) lost.current = null;
      const next = [...new Set([anchor, focus])].filter((key) => key !== null);
      setEnds((was) => (was.join() === next.join() ? was : next));
    };
    const onCopy = (event: ClipboardEvent) => {
      const selection = window.getSelection();
      const field = (event.target as Element | null)?.closest?.('input, textarea, [contenteditable]');
      if (event.defaultPrevented || field || !selection || !scroller.current) return;
      const { rows, words } = now.current;
      const selected = selectedRows(selection, scroller.current, rows);
      if (!selected || !event.clipboardData) return;
      const before = lost.current;
      const first = rows[0]?.message?.seq ?? 0;
      if (before?.message && selected[0]?.row === rows[0] && before.message.seq < first)
        selected.unshift({ row: before, part: null });
      event.clipboardData.setData('text/plain', copiedText(selected, words));
      event.preventDefault();
    };
    document.addEventListener('selectionchange', onSelection);
    document.addEventListener('copy', onCopy);
    return () => {
      document.removeEventListener('selectionchange', onSelection);
      document.removeEventListener('copy', onCopy);
    };
  }, [scroller]);

  const held = useMemo(
    () => (ends.length === 0 ? [] : rows.flatMap((row, i) => (ends.includes(row.key) ? [i] : []))),
    [rows, ends],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!hasCommand(event) || event.altKey || event.shiftKey || letterOf(event) !== 'a') return;
    if ((event.target as HTMLElement).matches('input, textarea') || !scroller.current) return;
    event.preventDefault();
    lost.current = null;
    const { current: all } = scroller;
    window.getSelection()?.setBaseAndExtent(all, 0, all, all.childNodes.length);
  };
  return { held, onKeyDown };
};

/** The words of what is copied, with names and dates as they stand on the screen. */
const useCopiedWords = (): CopiedWords => {
  const t = usePlainTranslations('conversation');
  const common = usePlainTranslations('common');
  const locale = useLocale();
  const nameOf = useNameOf();
  const systemWords = useSystemWords();
  return useMemo(
    () => ({
      text: ({ message, unsent }) => {
        if (message?.system) return systemWords(message, message.system);
        const said = unsent ?? message;
        if (message && isRecalled(message)) return t('message.recalled');
        const text = said && hasText(said) ? withNames(copyOf(said.body), nameOf) : '';
        if (!message || isFullyKnown(message)) return text;
        return text === '' ? common('updateToSee') : `${text}\n${common('updateToSee')}`;
      },
      head: ({ senderId, at }) => t('copied.head', { name: nameOf(senderId), time: clock(locale, at) }),
      day: (at) =>
        dateFormat(locale, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }).format(at),
      missing: (count) => t('copied.missing', { count }),
      dayOf,
    }),
    [t, common, locale, nameOf, systemWords],
  );
};
