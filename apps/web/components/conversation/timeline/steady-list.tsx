'use client';

import { createContext, type ReactNode, type RefObject, use, useLayoutEffect, useRef } from 'react';
import type { CustomContainerComponentProps } from 'virtua';

interface Steady {
  scroller: RefObject<HTMLElement | null>;
  /** Whether the view must not move: false while scrolling to a message or following the end. */
  holds(): boolean;
}

const SteadyContext = createContext<Steady | null>(null);

export const SteadyProvider = ({ value, children }: { value: Steady; children: ReactNode }) => (
  <SteadyContext value={value}>{children}</SteadyContext>
);

/** Less than this is the rounding of scroll positions, in px. */
const ROUNDING = 0.75;

/**
 * The element around the rows of the virtualiser. Whenever the layout changes (a page was added, a row is higher than
 * estimated), it keeps the first visible row at its position on the screen. The virtualiser alone keeps the distance
 * from the end for a moment after rows are prepended, so measuring a row below would move the text being read.
 */
export const SteadyList = ({ ref, style, children }: CustomContainerComponentProps) => {
  const { scroller, holds } = use(SteadyContext) as Steady;
  const list = useRef<HTMLUListElement>(null);
  /** Where each row stood that could be seen, in px from the start of the list. */
  const placed = useRef(new Map<Element, number>());

  // Runs before the virtualiser moves the scroll position for what it has just placed; its own place is known then.
  useLayoutEffect(() => {
    const before = placed.current;
    const now = placesOf(list.current);
    placed.current = now;
    const element = scroller.current;
    if (!element || !holds()) return;
    const { scrollTop, clientHeight } = element;
    const row = firstInView(before, now, scrollTop, clientHeight);
    if (!row) return;
    const wanted = scrollTop + (now.get(row) ?? 0) - (before.get(row) ?? 0);
    // After the virtualiser, and before anything is painted.
    queueMicrotask(() => {
      if (holds() && Math.abs(element.scrollTop - wanted) > ROUNDING) element.scrollTop = wanted;
    });
  });

  return (
    <ul
      ref={(node) => {
        list.current = node;
        if (typeof ref === 'function') ref(node);
        else if (ref) (ref as RefObject<HTMLUListElement | null>).current = node;
      }}
      // The virtualiser takes the pointer away while it scrolls, and for a moment after: a click then would go beside the
      // message, and a selection that Shift extends would end elsewhere.
      style={{ ...style, pointerEvents: undefined }}
    >
      {children}
    </ul>
  );
};

/** Of the rows that are measured: the others are not visible yet. */
const placesOf = (list: HTMLElement | null): Map<Element, number> => {
  const offsets = new Map<Element, number>();
  for (const row of list?.children ?? []) {
    const { top, visibility } = (row as HTMLElement).style;
    if (visibility !== 'hidden') offsets.set(row, Number.parseFloat(top));
  }
  return offsets;
};

/** The first row that was wholly below the upper edge, else the one that it cuts, if it is still there. */
const firstInView = (
  before: ReadonlyMap<Element, number>,
  now: ReadonlyMap<Element, number>,
  start: number,
  height: number,
): Element | null => {
  let best: Element | null = null;
  let bestTop = Number.POSITIVE_INFINITY;
  let cut: Element | null = null;
  let cutTop = Number.NEGATIVE_INFINITY;
  for (const [row, top] of before) {
    if (!now.has(row)) continue;
    if (top >= start && top < start + height && top < bestTop) {
      best = row;
      bestTop = top;
    } else if (top < start && top > cutTop) {
      cut = row;
      cutTop = top;
    }
  }
  return best ?? cut;
};
