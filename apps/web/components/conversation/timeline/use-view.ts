'use client';

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Row } from './rows.ts';

export interface View {
  nearTop: boolean;
  /** The first and the last message in view, by `seq`; 0 where there is none. */
  first: number;
  last: number;
}

/** The messages that were on the screen while the list was at rest. */
export interface Seen {
  /** The greatest `seq`. */
  seq: number;
  /** The least `seq` in view since the last jump. */
  floor: number;
}

interface TimelineView {
  view: View;
  seen: Seen;
  /** Measures what is in view; called on every scroll and after every change of the rows. */
  updateView(): void;
  /** Scrolling has begun or goes on. */
  moving(): void;
  /** Scrolling has ended: what is in view now is seen. */
  rest(): void;
  /** The next view does not continue the previous one: see marksAllRead. */
  jumped(): void;
}

/** How much of the last message may be cut off by the lower edge, in px, and it is still seen. */
const CUT = 12;

/** Which messages are in view, and which have been seen: only messages at rest count as read. */
export const useView = (
  rows: readonly Row[],
  settled: boolean,
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<VirtualizerHandle | null>,
): TimelineView => {
  const [view, setView] = useState<View>({ nearTop: false, first: 0, last: 0 });
  const [seen, setSeen] = useState<Seen>({ seq: 0, floor: Number.POSITIVE_INFINITY });
  const isMoving = useRef(false);
  const floor = useRef(Number.POSITIVE_INFINITY);

  const measure = useCallback((): View | null => {
    const element = scroller.current;
    const handle = list.current;
    if (!element || !handle || rows.length === 0) return null;
    const { scrollTop, clientHeight, scrollHeight } = element;
    let first = handle.findItemIndex(scrollTop);
    let last = handle.findItemIndex(scrollTop + clientHeight);
    const below = scrollHeight - scrollTop - clientHeight;
    if (below > 4 && handle.getItemOffset(last) + handle.getItemSize(last) > scrollTop + clientHeight + CUT)
      last--;
    while (last > 0 && !rows[last]?.message) last--;
    // A row of which no more than a line is left at the top is not the first that one reads.
    if (first < last && handle.getItemOffset(first) + handle.getItemSize(first) - scrollTop < 16) first++;
    return {
      nearTop: scrollTop < 240,
      first: rows[first]?.message?.seq ?? 0,
      last: rows[last]?.message?.seq ?? 0,
    };
  }, [rows, scroller, list]);

  const see = useCallback((next: View) => {
    setSeen((now) =>
      now.seq >= next.last && now.floor === floor.current
        ? now
        : { seq: Math.max(now.seq, next.last), floor: floor.current },
    );
  }, []);

  const updateView = useCallback(() => {
    const next = measure();
    if (!next) return;
    if (next.first > 0) floor.current = Math.min(floor.current, next.first);
    setView((now) =>
      now.nearTop === next.nearTop && now.first === next.first && now.last === next.last ? now : next,
    );
    if (!isMoving.current) see(next);
  }, [measure, see]);

  useLayoutEffect(() => {
    if (settled) updateView();
  }, [settled, updateView]);

  const moving = useCallback(() => {
    isMoving.current = true;
  }, []);
  const rest = useCallback(() => {
    isMoving.current = false;
    updateView();
  }, [updateView]);
  const jumped = useCallback(() => {
    floor.current = Number.POSITIVE_INFINITY;
    isMoving.current = true;
  }, []);
  return { view, seen, updateView, moving, rest, jumped };
};
