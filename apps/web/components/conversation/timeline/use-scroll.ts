import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { ScrollToIndexOpts, VirtualizerHandle } from 'virtua';
import type { Row } from './rows.ts';

/** Within this distance from the end (px) the list follows new messages. */
const AT_END = 32;
/** Space below the last row (px). */
export const END_SPACE = 16;

/** Where in the view a target message is placed: at the upper edge, or with some of the messages before it. */
export type Landing = 'top' | 'upper';
const OFFSET = { top: 0, upper: -96 } as const;

interface Options {
  rows: readonly Row[];
  epoch: number;
  /** Whether the rows reach the newest message. */
  newest: boolean;
  /** The row to open at instead of the end, or null. */
  openAt: { key: string; landing: Landing } | null;
}

export interface Scroll {
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  /** Whether the newest message is in view and new ones are followed. */
  atEnd: boolean;
  /** False until the list is at its opening position; it is hidden before. */
  settled: boolean;
  /** Whether the view must not move (SteadyList). */
  holds(): boolean;
  /** Brings a row into view. */
  toRow(index: number, options: ScrollToIndexOpts): void;
  toEnd(smooth?: boolean): void;
  /** Brings a message into view, now or as soon as it is among the rows. */
  toSeq(seq: number, landing?: Landing): void;
  /** Cancels scrolling to a message that is not loaded yet. */
  forget(): void;
  /** For the virtualiser. */
  onScroll(): void;
  onScrollEnd(): void;
  onResize(): void;
}

/**
 * The scroll position of the list. It follows the end until the reader scrolls away; size changes (of a message, the
 * window, the keyboard of a phone) do not move it away.
 */
export const useScroll = ({ rows, epoch, newest, openAt }: Options): Scroll => {
  const scroller = useRef<HTMLElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [settledEpoch, setSettledEpoch] = useState(-1);
  const now = useRef({
    rows,
    newest,
    follow: true,
    /** On the way to a row. */
    going: false,
    offset: 0,
    wanted: null as { seq: number; landing: Landing } | null,
  });
  now.current.rows = rows;
  now.current.newest = newest;

  const toRow = useCallback((index: number, options: ScrollToIndexOpts) => {
    now.current.going = true;
    list.current?.scrollToIndex(index, options);
  }, []);
  const onScrollEnd = useCallback(() => {
    now.current.going = false;
  }, []);
  const holds = useCallback(() => {
    const { follow, going, newest: atNewest } = now.current;
    return !going && !(follow && atNewest);
  }, []);

  const stick = useCallback(
    (smooth = false) => {
      const last = now.current.rows.length - 1;
      if (last < 0) return;
      now.current.follow = true;
      toRow(last, { align: 'end', offset: END_SPACE, smooth });
    },
    [toRow],
  );

  const forget = useCallback(() => {
    now.current.wanted = null;
  }, []);
  const toEnd = useCallback(
    (smooth = false) => {
      forget();
      stick(smooth);
    },
    [forget, stick],
  );

  const toSeq = useCallback(
    (seq: number, landing: Landing = 'upper') => {
      const index = now.current.rows.findIndex((row) => row.message?.seq === seq);
      now.current.wanted = index < 0 ? { seq, landing } : null;
      if (index < 0) return;
      now.current.follow = false;
      toRow(index, { align: 'start', offset: OFFSET[landing] });
    },
    [toRow],
  );

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const state = now.current;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const left = scrollHeight - scrollTop - clientHeight;
    if (left <= AT_END) state.follow = true;
    else if (scrollTop < state.offset - 1) state.follow = false;
    state.offset = scrollTop;
    setAtEnd(state.follow && state.newest);
  }, []);

  const onResize = useCallback(() => {
    if (now.current.follow && now.current.newest) stick();
  }, [stick]);

  // Open: at the wanted message, at the first new one, or at the end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per virtualiser, when it has rows.
  useLayoutEffect(() => {
    if (rows.length === 0) return;
    const { wanted } = now.current;
    const index = wanted === null ? rows.findIndex((row) => row.key === openAt?.key) : -1;
    if (wanted !== null) toSeq(wanted.seq, wanted.landing);
    else if (index > 0 && epoch === 0) {
      now.current.follow = false;
      toRow(index, { align: 'start', offset: OFFSET[openAt?.landing ?? 'upper'] });
    } else stick();
    // Rows are as high as guessed until they have been measured: shown once the place holds for two frames.
    let frames = 0;
    let quiet = 0;
    let frame = 0;
    const check = () => {
      const element = scroller.current;
      const left = element ? element.scrollHeight - element.scrollTop - element.clientHeight : 0;
      const arrived = !now.current.follow || left <= 1;
      quiet = arrived ? quiet + 1 : 0;
      if (!arrived) stick();
      if (quiet >= 2 || ++frames > 30) {
        onScroll();
        setSettledEpoch(epoch);
      } else frame = requestAnimationFrame(check);
    };
    frame = requestAnimationFrame(check);
    return () => cancelAnimationFrame(frame);
  }, [epoch, rows.length === 0]);

  // Follow what comes in at the end.
  const end = rows[rows.length - 1]?.key;
  const ends = useRef(end);
  useLayoutEffect(() => {
    if (ends.current === end) return;
    ends.current = end;
    if (now.current.follow && newest) stick();
    else onScroll();
  }, [end, newest, stick, onScroll]);

  useLayoutEffect(() => {
    const { wanted } = now.current;
    if (wanted !== null && rows.length > 0) toSeq(wanted.seq, wanted.landing);
  }, [rows, toSeq]);

  return {
    scroller,
    list,
    atEnd,
    settled: settledEpoch === epoch,
    holds,
    toRow,
    toEnd,
    toSeq,
    forget,
    onScroll,
    onScrollEnd,
    onResize,
  };
};
