import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  PRESENT_MS,
  positionToRead,
  watchAttention,
} from '../../components/conversation/timeline/attention.ts';

/** A page whose visibility and focus the test decides, and that dispatches real events. */
class FakePage {
  window = new EventTarget();
  document = Object.assign(new EventTarget(), {
    visibilityState: 'visible' as DocumentVisibilityState,
    hasFocus: () => this.focused,
  });
  focused = true;

  show(state: DocumentVisibilityState): void {
    this.document.visibilityState = state;
    this.document.dispatchEvent(new Event('visibilitychange'));
  }

  focus(on: boolean): void {
    this.focused = on;
    this.window.dispatchEvent(new Event(on ? 'focus' : 'blur'));
  }

  use(sign: string): void {
    this.window.dispatchEvent(new Event(sign));
  }
}

let page: FakePage;
let said: boolean[];
let stop: () => void;
const here = () => said.at(-1);

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  said = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});
const watch = () => {
  stop = watchAttention(page, (now) => said.push(now));
};

describe('a reader', () => {
  it('is there while the tab is shown and has the focus', () => {
    watch();
    expect(said).toEqual([true]);
  });

  it('is not there in a hidden tab, though the window says it has the focus', () => {
    page.document.visibilityState = 'hidden';
    watch();
    expect(said).toEqual([false]);
    page.use('keydown');
    expect(here()).toBe(false);
    page.show('visible');
    expect(here()).toBe(true);
    page.show('hidden');
    expect(here()).toBe(false);
  });

  it('is not there in a window beside the one that has the focus, until it is used', () => {
    page.focused = false;
    watch();
    expect(said).toEqual([false]);
    page.focus(true);
    expect(here()).toBe(true);
    page.focus(false);
    expect(here()).toBe(false);
  });

  it.each(['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'])(
    'is taken to be there for a minute after a %s without the focus',
    (sign) => {
      page.focused = false;
      watch();
      page.use(sign);
      expect(here()).toBe(true);
      vi.advanceTimersByTime(PRESENT_MS - 1);
      expect(here()).toBe(true);
      vi.advanceTimersByTime(1);
      expect(here()).toBe(false);
    },
  );

  it('stays there while the page goes on being used, and is asked about no more than once a second', () => {
    page.focused = false;
    watch();
    page.use('wheel');
    const before = said.length;
    for (let i = 0; i < 50; i++) page.use('wheel');
    expect(said).toHaveLength(before);
    vi.advanceTimersByTime(PRESENT_MS - 1_000);
    page.use('wheel');
    vi.advanceTimersByTime(PRESENT_MS - 1_000);
    expect(here()).toBe(true);
  });

  it('is not asked about any more once nobody wants to know', () => {
    watch();
    page.use('wheel');
    stop();
    const before = said.length;
    page.show('hidden');
    page.focus(false);
    page.use('keydown');
    vi.advanceTimersByTime(2 * PRESENT_MS);
    expect(said).toHaveLength(before);
  });
});

describe('rule 7: the read position', () => {
  const seen = { here: true, seenSeq: 9, readSeq: 4, wasMarked: false };
  it('goes to what was seen', () => expect(positionToRead(seen)).toBe(9));
  it('stays where nobody is there, or nothing was seen', () => {
    expect(positionToRead({ ...seen, here: false })).toBeNull();
    expect(positionToRead({ ...seen, here: false, wasMarked: true })).toBeNull();
    expect(positionToRead({ ...seen, seenSeq: 0, wasMarked: true })).toBeNull();
  });
  it('never goes back', () => {
    expect(positionToRead({ ...seen, seenSeq: 4 })).toBeNull();
    expect(positionToRead({ ...seen, seenSeq: 3 })).toBeNull();
  });
  it('is sent again if the conversation was marked as unread', () => {
    expect(positionToRead({ ...seen, seenSeq: 3, wasMarked: true })).toBe(4);
    expect(positionToRead({ ...seen, seenSeq: 9, wasMarked: true })).toBe(9);
  });
});
