import { UNREAD_CAP } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { compact, derive, tallyOf, withChanges } from '../src/unread.ts';
import { replaceWindow, unloaded } from '../src/window.ts';
import { ME, message } from './fixtures.ts';

const of = (unread: number, mentions = 0) => ({ unread, mentions });
const recalled = (seq: number, rev: number) => message(seq, rev, { body: null, recalledAt: 1 });
const windowOf = (from: number, to: number) => {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
  return replaceWindow(unloaded(to), { messages, hasBefore: from > 1, hasAfter: false }, new Map());
};

describe('unread (rule 7)', () => {
  it('is the count of the server plus what came since, however often it came', () => {
    const once = withChanges(tallyOf(of(2), 5, 3), [message(6), message(7, 7, { senderId: ME })], ME);
    expect(derive(once, 3, undefined, ME)).toEqual({ unread: 3, mentions: 0, exact: true });
    expect(derive(withChanges(once, [message(6)], ME), 3, undefined, ME).unread).toBe(3);
  });

  it('goes down with a recall of what had been counted, and of what came since', () => {
    const tally = withChanges(
      tallyOf(of(2), 5, 3),
      [message(6), recalled(4, 7), recalled(6, 8), recalled(2, 9)],
      ME,
    );
    expect(derive(tally, 3, undefined, ME)).toEqual({ unread: 1, mentions: 0, exact: true });
  });

  it('stays as it is, and certain, where what was counted is only annotated', () => {
    const counted = tallyOf(of(2, 1), 5, 3);
    const annotated = message(4, 8, { textRev: 4, annotations: { pin: true } });
    expect(withChanges(counted, [annotated], ME, 7)).toEqual(counted);
    // Edited since, and annotated then: whom it mentioned before is not known here.
    expect(withChanges(counted, [{ ...annotated, textRev: 8, rev: 9 }], ME, 7).doubt).toBe(true);
  });

  it('is 0 at the head, and counts the tail from a position within it', () => {
    const tally = withChanges(tallyOf(of(2), 5, 3), [message(6), message(7)], ME);
    expect(derive(tally, 7, undefined, ME).unread).toBe(0);
    expect(derive(tally, 6, undefined, ME)).toEqual({ unread: 1, mentions: 0, exact: true });
  });

  it('between two counts of the server, the window settles it, or it is an upper bound', () => {
    const tally = tallyOf(of(6), 9, 3);
    expect(derive(tally, 7, windowOf(5, 9), ME)).toEqual({ unread: 2, mentions: 0, exact: true });
    expect(derive(tally, 7, undefined, ME)).toEqual({ unread: 2, mentions: 0, exact: false });
  });

  it('stops at the cap, where a recall cannot be told', () => {
    const tally = withChanges(tallyOf(of(UNREAD_CAP), 500, 0), [recalled(3, 501)], ME);
    expect(derive(tally, 0, undefined, ME)).toEqual({ unread: UNREAD_CAP, mentions: 0, exact: false });
  });

  it('keeps a long tail short without changing what it says', () => {
    const many = Array.from({ length: 4 * UNREAD_CAP + 1 }, (_, i) => message(6 + i));
    const tally = withChanges(tallyOf(of(0), 5, 5), many, ME);
    const result = derive(tally, 5, undefined, ME);
    const short = compact(tally, 5, 5 + many.length, result);
    expect(short.tail.size).toBe(0);
    expect(derive(short, 5, undefined, ME).unread).toBe(result.unread);
  });
});
