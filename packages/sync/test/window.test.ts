import { describe, expect, it } from 'vitest';
import type { TimelineState } from '../src/types.ts';
import {
  appendPage,
  applyToWindow,
  prependPage,
  replaceWindow,
  unloaded,
  WINDOW_MAX,
} from '../src/window.ts';
import { message } from './fixtures.ts';

const run = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => message(from + i));
const windowOf = (from: number, to: number, change: Partial<TimelineState> = {}): TimelineState => ({
  ...replaceWindow(
    unloaded(to),
    { messages: run(from, to), hasBefore: from > 1, hasAfter: false },
    new Map(),
  ),
  ...change,
});
const ends = ({ messages }: TimelineState) => [messages[0]?.seq, messages.at(-1)?.seq];

describe('window', () => {
  it('a page read before a change that was applied meanwhile does not undo it', () => {
    const edited = message(2, 9, { body: 'new' });
    const page = { messages: run(1, 3), hasBefore: false, hasAfter: false };
    const overlay = new Map([
      [2, edited],
      [4, message(4, 10)],
    ]);
    const next = replaceWindow(unloaded(10), page, overlay);
    expect(next.messages[1]).toBe(edited);
    expect(ends(next)).toEqual([1, 4]);
  });

  it('what does not join on to the page is left to be loaded', () => {
    const page = { messages: run(1, 3), hasBefore: false, hasAfter: false };
    expect(replaceWindow(unloaded(9), page, new Map([[6, message(6)]]))).toMatchObject({ hasAfter: true });
  });

  it('a page that does not join on to the window is ignored', () => {
    const held = windowOf(10, 12, { hasAfter: true });
    const far = { messages: run(1, 3), hasBefore: false, hasAfter: true };
    expect(ends(prependPage(held, far, new Map()))).toEqual([10, 12]);
    expect(ends(appendPage(held, far, new Map()))).toEqual([10, 12]);
  });

  it('is bounded: growing at one end trims the other', () => {
    const held = windowOf(51, 50 + WINDOW_MAX);
    const older = prependPage(held, { messages: run(1, 50), hasBefore: false, hasAfter: true }, new Map());
    expect(ends(older)).toEqual([1, WINDOW_MAX]);
    expect(older).toMatchObject({ hasBefore: false, hasAfter: true });
    const page = { messages: run(WINDOW_MAX + 1, WINDOW_MAX + 50), hasBefore: true, hasAfter: false };
    const newer = appendPage(older, page, new Map());
    expect(ends(newer)).toEqual([51, WINDOW_MAX + 50]);
    expect(newer).toMatchObject({ hasBefore: true, hasAfter: false });
  });

  it('appending to an open window cuts its old end once in a while', () => {
    const held = windowOf(1, WINDOW_MAX);
    const grown = applyToWindow(held, run(WINDOW_MAX + 1, WINDOW_MAX + 501), WINDOW_MAX + 501);
    expect(grown?.messages).toHaveLength(WINDOW_MAX);
    expect(grown).toMatchObject({ hasBefore: true, hasAfter: false });
  });

  it('rule 8: a hole is refused', () => {
    expect(applyToWindow(windowOf(1, 3), [message(5)], 5)).toBeNull();
  });
});
