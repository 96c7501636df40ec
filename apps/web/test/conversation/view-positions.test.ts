import { describe, expect, it } from 'vitest';
import {
  hasMessage,
  marksAllRead,
  openingOf,
  withoutVisible,
  withPosition,
} from '../../components/conversation/timeline/view-positions.ts';

const entry = (over: { unread?: number; placeSeq?: number | null; headSeq?: number } = {}) =>
  ({
    unread: over.unread ?? 0,
    readSeq: 96,
    placeSeq: over.placeSeq ?? null,
    conversation: { headSeq: over.headSeq ?? 100 },
  }) as Parameters<typeof openingOf>[0];

describe('where a conversation opens', () => {
  it('at a linked message first, then the first unread, then the last viewed, then the newest', () => {
    expect(openingOf(entry({ unread: 3, placeSeq: 40 }), 12)).toEqual({ at: 'message', seq: 12 });
    expect(openingOf(entry({ unread: 3, placeSeq: 40 }), null)).toEqual({ at: 'unread', seq: 97 });
    expect(openingOf(entry({ placeSeq: 40 }), null)).toEqual({ at: 'place', seq: 40 });
    expect(openingOf(entry(), null)).toEqual({ at: 'newest' });
  });

  it('at the newest if the last viewed message is the newest or unknown', () => {
    expect(openingOf(entry({ placeSeq: 100 }), null)).toEqual({ at: 'newest' });
    expect(openingOf(entry({ placeSeq: 140 }), null)).toEqual({ at: 'newest' });
    expect(openingOf(entry({ placeSeq: 0 }), null)).toEqual({ at: 'newest' });
  });

  it('without a load where the window holds the message', () => {
    const window = { messages: [{ seq: 5 }, { seq: 6 }, { seq: 7 }] };
    expect([4, 5, 7, 8].map((seq) => hasMessage(window, seq))).toEqual([false, true, true, false]);
    expect(hasMessage({ messages: [] }, 1)).toBe(false);
    expect(hasMessage(undefined, 1)).toBe(false);
  });
});

describe('the way back', () => {
  it('keeps the positions before jumps, without repeats, and a limited number', () => {
    expect(withPosition(withPosition(withPosition([], 5), 5), null)).toEqual([5, null]);
    const many = Array.from({ length: 50 }, (_, i) => i).reduce<readonly (number | null)[]>(withPosition, []);
    expect(many).toHaveLength(20);
    expect(many.at(-1)).toBe(49);
  });

  it('is not offered to a position that is in view', () => {
    const view = { first: 10, last: 20, atEnd: false };
    expect(withoutVisible([3, 12, 15], view)).toEqual([3]);
    expect(withoutVisible([12, 3], view)).toEqual([12, 3]);
    expect(withoutVisible([12, null], { ...view, atEnd: true })).toEqual([]);
    expect(withoutVisible([null], view)).toEqual([null]);
  });
});

describe('rule 7: what is read has been seen', () => {
  const may = (seen: number, floor: number, wentToNewest = false) =>
    marksAllRead({ seen, floor, firstUnreadSeq: 51, headSeq: 100, wentToNewest });

  it('by scrolling on from the read position, or by going to the newest message and seeing it', () => {
    expect(may(60, 51)).toBe(true);
    expect(may(100, 80, true)).toBe(true);
  });

  it('not by a look at a linked message, nor on the way to the newest one', () => {
    expect(may(80, 70)).toBe(false);
    expect(may(80, 52)).toBe(false);
    expect(may(100, 80)).toBe(false);
    expect(may(99, 80, true)).toBe(false);
  });
});
