'use client';

import type { Message } from '@lockstep/protocol';
import type { TimelineState } from '@lockstep/sync';
import { useTranslations } from 'next-intl';
import { ContextMenu } from 'radix-ui';
import {
  type SyntheticEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Virtualizer } from 'virtua';
import { cn } from '@/lib/cn.ts';
import { useEngine, useOutbox } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';
import { MessageContextMenu } from '../message/actions.tsx';
import { MessageRow } from '../message/message-row.tsx';
import { Announcer } from './announcer.tsx';
import { JumpButton, TopOverlay } from './overlays.tsx';
import { buildRows, firstUnread, type Row } from './rows.ts';
import { dayOf } from './time.ts';
import { useAnchoredRows } from './use-anchored-rows.ts';
import { useMessageKeys } from './use-message-keys.ts';
import { useReadPosition } from './use-read-position.ts';
import { END_SPACE, useScroll } from './use-scroll.ts';

/** Older and newer messages are fetched this many screens (at least 2,500 px) before they are reached. */
const AHEAD_SCREENS = 4;
/** How far beyond the screen rows are kept mounted, in px. */
const BUFFER = 500;

interface TimelineProps {
  timeline: TimelineState;
  /** Read position and head as they were on opening. */
  opened: { readSeq: number; headSeq: number };
  editingKey: string | null;
}

/** The messages of a conversation. Its place never jumps: see useAnchoredRows, useScroll and buildRows. */
export const Timeline = ({ timeline, opened, editingKey }: TimelineProps) => {
  const t = useTranslations('conversation.timeline');
  const engine = useEngine();
  const { entry, meId, title } = useConversation();
  const conversationId = entry.conversation.id;
  const { messages, hasBefore, hasAfter, loading, error } = timeline;
  const outbox = useOutbox(conversationId);

  const firstNewSeq = useFirstNew(messages, hasBefore, opened, meId);
  const wanted = useMemo(
    () => buildRows({ messages, outbox, meId, hasBefore, hasAfter, firstNewSeq }),
    [messages, outbox, meId, hasBefore, hasAfter, firstNewSeq],
  );
  const { rows, shift, epoch } = useAnchoredRows(wanted);
  const openAt = rows.find((row) => row.firstNew)?.key ?? null;
  const scroll = useScroll({ rows, epoch, newest: !hasAfter, openAt });
  const { list, scroller, atEnd, settled } = scroll;
  const keys = useMessageKeys(rows, scroll);

  const [view, setView] = useState({ nearTop: false, seen: 0, firstSeen: 0 });
  const [day, setDay] = useState<number | null>(null);
  /** The last load, to be tried again when it fails. */
  const load = useRef(() => {});

  const look = useCallback(() => {
    const element = scroller.current;
    const handle = list.current;
    if (!element || !handle || rows.length === 0) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const below = scrollHeight - scrollTop - clientHeight;
    const ahead = Math.max(2_500, AHEAD_SCREENS * clientHeight);
    if (!loading && !error) {
      if (hasBefore && scrollTop < ahead) {
        load.current = () => void engine.loadBefore(conversationId);
        load.current();
      } else if (hasAfter && below < ahead) {
        load.current = () => void engine.loadAfter(conversationId);
        load.current();
      }
    }
    const first = handle.findItemIndex(scrollTop);
    let last = handle.findItemIndex(scrollTop + clientHeight);
    if (below > 4 && handle.getItemOffset(last) + handle.getItemSize(last) > scrollTop + clientHeight + 12)
      last--;
    while (last > 0 && !rows[last]?.message) last--;
    const next = {
      nearTop: scrollTop < 240,
      seen: rows[last]?.message?.seq ?? 0,
      firstSeen: rows[first]?.message?.seq ?? 0,
    };
    setView((now) =>
      now.nearTop === next.nearTop && now.seen === next.seen && now.firstSeen === next.firstSeen ? now : next,
    );
  }, [rows, loading, error, hasBefore, hasAfter, engine, conversationId, list, scroller]);

  useLayoutEffect(() => {
    if (settled) look();
  }, [settled, look]);

  // The greatest seq that has been on the screen: what comes after it is new.
  const [seenSeq, setSeenSeq] = useState(0);
  if (view.seen > seenSeq) setSeenSeq(view.seen);
  useReadPosition(conversationId, seenSeq, entry.readSeq, entry.markedUnread);

  const onScroll = () => {
    scroll.onScroll();
    if (!settled) return;
    look();
    const handle = list.current;
    const top = handle ? rows[handle.findItemIndex(handle.scrollOffset)] : undefined;
    setDay(top && !atEnd ? dayOf(top.at) : null);
  };
  const hideDay = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onScrollEnd = () => {
    clearTimeout(hideDay.current);
    hideDay.current = setTimeout(() => setDay(null), 900);
  };
  useEffect(() => () => clearTimeout(hideDay.current), []);

  const jumpToNewest = useCallback(() => {
    load.current = () => void engine.jumpToNewest(conversationId);
    load.current();
  }, [engine, conversationId]);

  // One's own message is always shown.
  const lastOwn = outbox[outbox.length - 1]?.clientId;
  const knownOwn = useRef(lastOwn);
  useLayoutEffect(() => {
    if (!lastOwn || knownOwn.current === lastOwn) return;
    knownOwn.current = lastOwn;
    if (hasAfter) jumpToNewest();
    else scroll.toEnd();
  }, [lastOwn, hasAfter, jumpToNewest, scroll.toEnd]);

  const jump = () => {
    if (hasAfter) jumpToNewest();
    else scroll.toEnd((scroller.current?.scrollHeight ?? 0) - (list.current?.scrollOffset ?? 0) < 3_000);
  };
  const newBelow = hasAfter
    ? entry.unread
    : messages.filter((m) => m.seq > seenSeq && m.senderId !== meId && m.system === null).length;

  const unreadSeq = firstNewSeq ?? opened.readSeq + 1;
  const [unreadLeft, setUnreadLeft] = useState(opened.headSeq > opened.readSeq);
  if (unreadLeft && settled && view.firstSeen > 0 && view.firstSeen <= unreadSeq) setUnreadLeft(false);
  const unreadAbove = unreadLeft && settled && opened.readSeq > 0 ? opened.headSeq - opened.readSeq : 0;
  const toUnread = () => {
    setUnreadLeft(false);
    scroll.toSeq(unreadSeq);
    if (!rows.some((row) => row.message?.seq === unreadSeq))
      void engine.loadAround(conversationId, unreadSeq);
  };

  const [menuFor, setMenuFor] = useState<Message | null>(null);
  const aim = (event: SyntheticEvent) => {
    const target = event.target as HTMLElement;
    const key = target.closest<HTMLElement>('[data-testid="message"]')?.dataset.key;
    const message = rows.find((row) => row.key === key)?.message;
    setMenuFor(message && message.body !== null ? message : null);
    const native = target.closest('a, button, input') || window.getSelection()?.isCollapsed === false;
    // The browser's own menu stays for links, for selected text and beside the messages.
    if (!message || message.body === null || native) event.stopPropagation();
  };

  const { activeKey } = keys;
  const activeIndex = useMemo(
    () => (activeKey ? rows.findIndex((row) => row.key === activeKey) : -1),
    [rows, activeKey],
  );
  const keep = useMemo(() => (activeIndex >= 0 ? [activeIndex] : []), [activeIndex]);
  const renderRow = useCallback(
    (row: Row) => (
      <MessageRow key={row.key} row={row} active={row.key === activeKey} editing={row.key === editingKey} />
    ),
    [activeKey, editingKey],
  );

  return (
    <div className="relative min-h-0 flex-1">
      <ContextMenu.Root onOpenChange={(open) => !open && setMenuFor(null)}>
        <ContextMenu.Trigger asChild>
          <section
            ref={scroller}
            data-testid="timeline"
            data-settled={settled}
            tabIndex={activeIndex >= 0 ? -1 : 0}
            aria-label={t('list', { title })}
            onKeyDown={keys.onKeyDown}
            onFocus={keys.onFocus}
            onContextMenuCapture={aim}
            onPointerDownCapture={(event) => event.pointerType !== 'mouse' && aim(event)}
            className={cn(
              'scroll-quiet -outline-offset-2 absolute inset-0 flex flex-col overflow-x-hidden [overflow-anchor:none]',
              !settled && 'invisible',
            )}
          >
            <div className="flex-1" />
            <Virtualizer
              key={epoch}
              ref={list}
              data={rows}
              shift={shift}
              bufferSize={BUFFER}
              keepMounted={keep}
              as="ul"
              item="li"
              onScroll={onScroll}
              onScrollEnd={onScrollEnd}
              onResize={scroll.onResize}
            >
              {renderRow}
            </Virtualizer>
            <div className="shrink-0" style={{ height: END_SPACE }} />
          </section>
        </ContextMenu.Trigger>
        {menuFor && <MessageContextMenu message={menuFor} />}
      </ContextMenu.Root>
      <TopOverlay
        loading={loading === 'before' && view.nearTop}
        failed={error !== null}
        onRetry={() => load.current()}
        day={day}
        unreadAbove={unreadAbove}
        onUnread={toUnread}
      />
      {settled && !atEnd && <JumpButton count={newBelow} onClick={jump} />}
      <Announcer messages={messages} meId={meId} />
    </div>
  );
};

/** The first message that was unread on opening; found once it is loaded, and the same from then on. */
const useFirstNew = (
  messages: readonly Message[],
  hasBefore: boolean,
  opened: { readSeq: number; headSeq: number },
  meId: string,
): number | null => {
  const [found, setFound] = useState<number | null>(null);
  const oldest = messages[0]?.seq;
  if (found === null && oldest !== undefined && opened.headSeq > opened.readSeq) {
    if (!hasBefore || oldest <= opened.readSeq + 1) {
      const seq = firstUnread(messages, opened.readSeq, meId);
      if (seq !== null && seq <= opened.headSeq && seq > 1) {
        setFound(seq);
        return seq;
      }
    }
  }
  return found;
};
