'use client';

import { hasText, type Message, stateOf, UNREAD_CAP } from '@lockstep/protocol';
import type { TimelineState } from '@lockstep/sync';
import { useTimeZone } from 'next-intl';
import { ContextMenu } from 'radix-ui';
import {
  type MouseEvent,
  type Ref,
  type SyntheticEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { toast } from 'sonner';
import { Virtualizer } from 'virtua';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { navigate, routeConversation } from '@/lib/navigation.ts';
import { useEngine, useMessageChanges, useOutbox } from '@/lib/sync/index.ts';
import { dayOf } from '@/lib/time.ts';
import { useConversation } from '../context.tsx';
import { MessageContextMenu } from '../message/actions.tsx';
import { MessageRow } from '../message/message-row.tsx';
import { Announcer } from './announcer.tsx';
import { BottomOverlay, TopOverlay } from './overlays.tsx';
import { buildRows, firstUnread, type Row } from './rows.ts';
import { SteadyList, SteadyProvider } from './steady-list.tsx';
import { useAnchoredRows } from './use-anchored-rows.ts';
import { useJumps } from './use-jumps.ts';
import { useLastViewed } from './use-last-viewed.ts';
import { useMessageKeys } from './use-message-keys.ts';
import { useOpenAt } from './use-open-at.ts';
import { useParseAhead } from './use-parse-ahead.ts';
import { usePrinting } from './use-printing.ts';
import { useReadPosition } from './use-read-position.ts';
import { useReaders } from './use-readers.ts';
import { END_SPACE, useScroll } from './use-scroll.ts';
import { useSelection } from './use-selection.ts';
import { useView } from './use-view.ts';
import { marksAllRead, type Opening } from './view-positions.ts';

/** Older and newer messages are fetched this many screens (at least 2,500 px) before they are reached. */
const AHEAD_SCREENS = 4;
/** How far beyond the screen rows are kept mounted, in px. */
const BUFFER = 500;

export interface TimelineHandle {
  /** Goes to a message, loaded or not, and marks it for a moment. */
  show(seq: number): void;
  /** Highlights a message for a moment, after opening the conversation at it. */
  light(seq: number): void;
  /** Remembers the view position before a window with `show`'s message is loaded. */
  remember(): void;
  /** The day of the first message in view, for a calendar; null where there is none. */
  day(): number | null;
}

interface TimelineProps {
  ref: Ref<TimelineHandle>;
  timeline: TimelineState;
  /** Where it opens, and what was unread then. */
  opening: Opening;
  opened: { readSeq: number; headSeq: number; unread: number };
  editingKey: string | null;
}

/** The messages of a conversation. The view never jumps: see SteadyList, useAnchoredRows, useScroll and buildRows. */
export const Timeline = ({ ref, timeline, opening, opened, editingKey }: TimelineProps) => {
  const t = useTranslations('conversation.timeline');
  const engine = useEngine();
  const { entry, meId, title } = useConversation();
  const { id: conversationId, headSeq } = entry.conversation;
  const { messages, hasBefore, hasAfter, loading, error } = timeline;
  const outbox = useOutbox(conversationId);
  const changes = useMessageChanges(conversationId);
  useParseAhead(messages);

  const firstNewSeq = useFirstNew(messages, hasBefore, opened, meId);
  const printing = usePrinting();
  const zone = useTimeZone();
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another zone the days begin elsewhere.
  const wanted = useMemo(
    () => buildRows({ messages, outbox, changes, meId, hasBefore, hasAfter, firstNewSeq }),
    [messages, outbox, changes, meId, hasBefore, hasAfter, firstNewSeq, zone],
  );
  const { rows, shift, epoch } = useAnchoredRows(wanted);
  const openAt = useOpenAt(rows, opening);
  const scroll = useScroll({ rows, epoch, newest: !hasAfter, openAt });
  const { list, scroller, atEnd, settled, holds } = scroll;
  const steady = useMemo(() => ({ scroller, holds }), [scroller, holds]);
  const { view, seen, updateView, moving, rest, jumped } = useView(rows, settled, scroller, list);
  const readers = useReaders(messages, hasAfter);

  const [day, setDay] = useState<number | null>(null);
  /** The last load, to be tried again when it fails. */
  const load = useRef(() => {});
  const gone = useTranslations('conversation.gone');
  const onMissing = () => toast(gone('noMessage'));
  const jumps = useJumps({ opening, conversationId, rows, hasAfter, scroll, view, jumped, load, onMissing });
  const keys = useMessageKeys(rows, scroll, jumps);

  const fetchAhead = useCallback(() => {
    const element = scroller.current;
    if (!element || rows.length === 0 || loading || error) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const ahead = Math.max(2_500, AHEAD_SCREENS * clientHeight);
    if (hasBefore && scrollTop < ahead) load.current = () => void engine.loadBefore(conversationId);
    else if (hasAfter && scrollHeight - scrollTop - clientHeight < ahead)
      load.current = () => void engine.loadAfter(conversationId);
    else return;
    load.current();
  }, [rows, loading, error, hasBefore, hasAfter, engine, conversationId, scroller]);
  useLayoutEffect(() => {
    if (settled) fetchAhead();
  }, [settled, fetchAhead]);

  const { readSeq } = entry;
  // What precedes the first new message and follows the read position is one's own, or of the system.
  const firstUnreadSeq = Math.max(readSeq + 1, firstNewSeq ?? 0);
  const { wentToNewest } = jumps;
  const isRead = marksAllRead({ seen: seen.seq, floor: seen.floor, firstUnreadSeq, headSeq, wentToNewest });
  const read = isRead ? seen.seq : 0;
  useReadPosition(conversationId, read, entry);
  useLastViewed(conversationId, settled && seen.seq > 0, atEnd ? null : view.first);

  const onScroll = () => {
    moving();
    scroll.onScroll();
    if (!settled) return;
    updateView();
    const handle = list.current;
    const top = handle ? rows[handle.findItemIndex(handle.scrollOffset)] : undefined;
    setDay(top && !atEnd ? dayOf(top.at) : null);
  };
  const hideDay = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onScrollEnd = () => {
    scroll.onScrollEnd();
    if (settled) rest();
    clearTimeout(hideDay.current);
    hideDay.current = setTimeout(() => setDay(null), 900);
  };
  useEffect(() => () => clearTimeout(hideDay.current), []);

  useImperativeHandle(ref, () => ({
    show: (seq) => jumps.to(seq, { light: true }),
    light: jumps.light,
    remember: jumps.remember,
    day: () => {
      const top = rows.find((row) => row.message?.seq === view.first);
      return top ? dayOf(top.at) : null;
    },
  }));

  // One's own message is always shown.
  const lastOwn = outbox[outbox.length - 1]?.clientId;
  const knownOwn = useRef(lastOwn);
  const { toNewest } = jumps;
  useLayoutEffect(() => {
    if (!lastOwn || knownOwn.current === lastOwn) return;
    knownOwn.current = lastOwn;
    if (hasAfter) toNewest();
    else scroll.toEnd();
  }, [lastOwn, hasAfter, toNewest, scroll.toEnd]);

  const newBelow = hasAfter
    ? entry.unread
    : messages.filter(
        (m) => m.seq > Math.max(seen.seq, readSeq) && m.senderId !== meId && stateOf(m) !== 'system',
      ).length;

  const unreadSeq = firstNewSeq ?? opened.readSeq + 1;
  const [unreadLeft, setUnreadLeft] = useState(opened.unread > 0 && opened.readSeq > 0);
  if (unreadLeft && settled && view.first > 0 && view.first <= unreadSeq) setUnreadLeft(false);
  const unreadAbove = unreadLeft && settled && view.first > unreadSeq ? opened.unread : 0;
  const toUnread = () => {
    setUnreadLeft(false);
    jumps.to(unreadSeq);
  };

  const [menuFor, setMenuFor] = useState<Message | null>(null);
  const aim = (event: SyntheticEvent) => {
    const target = event.target as HTMLElement;
    const key = target.closest<HTMLElement>('[data-testid="message"]')?.dataset.key;
    const message = rows.find((row) => row.key === key)?.message;
    setMenuFor(message && hasText(message) ? message : null);
    const native = target.closest('a, button, input') || window.getSelection()?.isCollapsed === false;
    // The browser's own menu stays for links, for selected text and beside the messages.
    if (!message || !hasText(message) || native) event.stopPropagation();
  };

  const { activeKey } = keys;
  const activeIndex = useMemo(
    () => (activeKey ? rows.findIndex((row) => row.key === activeKey) : -1),
    [rows, activeKey],
  );
  const selection = useSelection(rows, scroller, epoch);
  const keep = useMemo(
    () => [...new Set([...(activeIndex >= 0 ? [activeIndex] : []), ...selection.held])].sort((a, b) => a - b),
    [activeIndex, selection.held],
  );
  const renderRow = useCallback(
    (row: Row) => (
      <MessageRow
        key={row.key}
        row={row}
        active={row.key === activeKey}
        editing={row.key === editingKey}
        highlighted={jumps.highlighted !== null && row.message?.seq === jumps.highlighted}
        readers={readers.get(row.message?.seq ?? 0)}
      />
    ),
    [activeKey, editingKey, jumps.highlighted, readers],
  );

  return (
    <div className="relative min-h-0 flex-1">
      {/* On paper all that is loaded, not what is in view. */}
      {printing && (
        <ol className="hidden print:block" data-testid="printed">
          {rows.map((row) => (
            <li key={row.key}>{renderRow(row)}</li>
          ))}
        </ol>
      )}
      <ContextMenu.Root onOpenChange={(open) => !open && setMenuFor(null)}>
        <ContextMenu.Trigger asChild>
          <section
            ref={scroller}
            data-testid="timeline"
            data-settled={settled}
            tabIndex={activeIndex >= 0 ? -1 : 0}
            aria-label={t('list', { title })}
            onKeyDown={(event) => {
              selection.onKeyDown(event);
              if (!event.defaultPrevented) keys.onKeyDown(event);
            }}
            onFocus={keys.onFocus}
            onClick={followLink}
            // The virtualiser keeps quiet where a jump of its own and a fling cancel each other out.
            onScroll={() => settled && fetchAhead()}
            onContextMenuCapture={aim}
            onPointerDownCapture={(event) => event.pointerType !== 'mouse' && aim(event)}
            className={cn(
              'scroll-quiet -outline-offset-2 absolute inset-0 flex flex-col overflow-x-hidden [overflow-anchor:none] print:hidden',
              !settled && 'invisible',
            )}
          >
            <div className="flex-1" />
            <SteadyProvider value={steady}>
              <Virtualizer
                key={epoch}
                ref={list}
                data={rows}
                shift={shift}
                bufferSize={BUFFER}
                keepMounted={keep}
                as={SteadyList}
                item="li"
                onScroll={onScroll}
                onScrollEnd={onScrollEnd}
                onResize={scroll.onResize}
              >
                {renderRow}
              </Virtualizer>
            </SteadyProvider>
            <div className="shrink-0" style={{ height: END_SPACE }} />
          </section>
        </ContextMenu.Trigger>
        {menuFor && <MessageContextMenu message={menuFor} />}
      </ContextMenu.Root>
      <TopOverlay
        loading={loading === 'around' || (loading === 'before' && view.nearTop)}
        failed={error !== null}
        onRetry={() => load.current()}
        day={day}
        unreadAbove={unreadAbove}
        capped={opened.unread >= UNREAD_CAP}
        onUnread={toUnread}
      />
      {settled && (
        <BottomOverlay
          away={!atEnd}
          count={newBelow}
          onNewest={jumps.toNewest}
          onBack={jumps.canGoBack ? jumps.back : null}
        />
      )}
      <Announcer messages={messages} meId={meId} />
    </div>
  );
};

/** A link of this site to a conversation or a message is followed in place. */
const followLink = (event: MouseEvent) => {
  const link = (event.target as HTMLElement).closest<HTMLAnchorElement>('a[href]');
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.origin !== window.location.origin || !routeConversation(link.pathname)) return;
  event.preventDefault();
  navigate(link.pathname);
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
