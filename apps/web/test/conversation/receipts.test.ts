import { describe, expect, it } from 'vitest';
import { readersBySeq, seenOwnSeq } from '../../components/conversation/timeline/receipts.ts';

const message = (seq: number, senderId = 'me') => ({ seq, senderId });
const messages = [message(11), message(12, 'ann'), message(13), message(14)];
const receipts = (of: Record<string, number>) => new Map(Object.entries(of));
const readers = (of: Record<string, number>, hasAfter = false) =>
  Object.fromEntries(readersBySeq(receipts(of), messages, 'me', hasAfter));

describe('who has read up to where', () => {
  it('each person stands at one message: the last that they have read', () => {
    expect(readers({ ann: 14, ben: 12, cleo: 14 })).toEqual({ 14: ['ann', 'cleo'], 12: ['ben'] });
  });

  it('not oneself, not at a message of their own, not before what is loaded', () => {
    expect(readers({ me: 12, ann: 12, ben: 10, cleo: 11 })).toEqual({ 11: ['cleo'] });
  });

  it('who has read beyond the newest loaded message stands at it only where it is the newest of all', () => {
    expect(readers({ ann: 99 })).toEqual({ 14: ['ann'] });
    expect(readers({ ann: 99, ben: 14, cleo: 13 }, true)).toEqual({ 13: ['cleo'] });
  });

  it('nobody without receipts, or if nothing is loaded', () => {
    expect(readersBySeq(undefined, messages, 'me', false).size).toBe(0);
    expect(readersBySeq(receipts({ ann: 3 }), [], 'me', false).size).toBe(0);
  });
});

it('"seen" stands at the last own message, once the other has read it', () => {
  expect(seenOwnSeq(receipts({ ann: 14 }), messages, 'me', 'ann')).toBe(14);
  expect(seenOwnSeq(receipts({ ann: 13 }), messages, 'me', 'ann')).toBeNull();
  expect(seenOwnSeq(receipts({ ann: 40 }), [message(1, 'ann')], 'me', 'ann')).toBeNull();
  expect(seenOwnSeq(undefined, messages, 'me', 'ann')).toBeNull();
});
