'use client';

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import type { Row } from './rows.ts';
import type { Scroll } from './use-scroll.ts';
import type { View } from './use-view.ts';
import {
  hasMessage,
  type Opening,
  type ViewPosition,
  withoutVisible,
  withPosition,
} from './view-positions.ts';

/** How long a message that was jumped to stays lit, in ms; the animation in conversation.css is as long. */
const HIGHLIGHT_MS = 2_400;

interface JumpInput {
  opening: Opening;
  conversationId: string;
  rows: readonly Row[];
  hasAfter: boolean;
  scroll: Scroll;
  view: View;
  jumped: () => void;
  /** Tries the last load again when it failed. */
  load: RefObject<() => void>;
  /** There is no such message. */
  onMissing: () => void;
}

export interface Jumps {
  /** Remembers the view position, goes to a message and, with `light`, highlights it for a moment. */
  to(seq: number, options?: { light?: boolean }): void;
  /** Marks a message for a moment. */
  light(seq: number): void;
  /** Remembers the view position, for a jump made elsewhere. */
  remember(): void;
  toNewest(): void;
  /** Whether the last jump was to the newest message. */
  wentToNewest: boolean;
  /** Whether there is a position to go back to. */
  canGoBack: boolean;
  back(): void;
  /** The message that is lit. */
  highlighted: number | null;
}

/** Jumps within a conversation, and going back. */
export const useJumps = (input: JumpInput): Jumps => {
  const { opening, conversationId, rows, hasAfter, scroll, view, jumped, load, onMissing } = input;
  const engine = useEngine();
  const [stack, setStack] = useState<readonly ViewPosition[]>([]);
  const [highlighted, setHighlighted] = useState<number | null>(null);
  const [wentToNewest, setWentToNewest] = useState(opening.at === 'newest');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { atEnd, toSeq, toEnd, forget, scroller, list } = scroll;

  const here: ViewPosition = atEnd ? null : view.first || null;
  const remember = () => setStack((now) => withPosition(now, here));

  const loadNewest = useCallback(() => {
    load.current = () => void engine.jumpToNewest(conversationId);
    load.current();
  }, [engine, conversationId, load]);

  const around = async (seq: number) => {
    await engine.loadAround(conversationId, seq);
    const window = engine.getState().timelines.get(conversationId);
    if (!window || window.loading || window.error || hasMessage(window, seq)) return;
    forget();
    onMissing();
  };
  const light = (seq: number) => {
    clearTimeout(timer.current);
    setHighlighted(seq);
    timer.current = setTimeout(() => setHighlighted(null), HIGHLIGHT_MS);
  };
  const go = (seq: number, landing: 'upper' | 'top') => {
    setWentToNewest(false);
    jumped();
    toSeq(seq, landing);
    if (rows.some((row) => row.message?.seq === seq)) return;
    load.current = () => void around(seq);
    load.current();
  };
  const goToNewest = () => {
    setWentToNewest(true);
    if (hasAfter) {
      jumped();
      forget();
      loadNewest();
    } else toEnd((scroller.current?.scrollHeight ?? 0) - (list.current?.scrollOffset ?? 0) < 3_000);
  };

  // After scrolling back by hand the button is not needed; right after the jump the view is still the old one.
  const fresh = useRef(false);
  const visible = { first: view.first, last: view.last, atEnd };
  const left = fresh.current ? stack : withoutVisible(stack, visible);
  if (left !== stack) setStack(left);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view is what it waits for.
  useEffect(() => {
    fresh.current = false;
  }, [view.first, view.last, atEnd]);

  return {
    to(seq, options = {}) {
      fresh.current = true;
      remember();
      go(seq, 'upper');
      if (options.light) light(seq);
    },
    light,
    remember() {
      fresh.current = true;
      remember();
      setWentToNewest(false);
      jumped();
    },
    toNewest() {
      const far =
        hasAfter || (scroller.current?.scrollHeight ?? 0) - (list.current?.scrollOffset ?? 0) > 3_000;
      if (far) {
        fresh.current = true;
        remember();
      }
      goToNewest();
    },
    canGoBack: left.length > 0,
    back() {
      const landing = stack.at(-1);
      setStack(stack.slice(0, -1));
      if (landing === undefined) return;
      if (landing === null) goToNewest();
      else go(landing, 'top');
    },
    highlighted,
    wentToNewest,
  };
};
