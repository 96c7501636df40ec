import { type Message, UNREAD_CAP } from '@lockstep/protocol';
import type { TimelineState } from './types.ts';

/**
 * What unread is derived from (rule 7): the server's count at a known head, and each message known to have come or gone
 * since. Applying the same change twice adds the same `seq` to the same map, so a badge cannot drift.
 */
export interface Tally {
  /** The server's count, to UNREAD_CAP at most. */
  readonly base: number;
  /** The head that `base` was counted at. */
  readonly headSeq: number;
  /** The read position that `base` was counted from. */
  readonly readSeq: number;
  /** Messages after `headSeq`: whether each counts. */
  readonly tail: ReadonlyMap<number, boolean>;
  /** Messages at or before `headSeq` that were recalled after they had been counted. */
  readonly gone: ReadonlySet<number>;
}

export interface Unread {
  unread: number;
  /** False when only the server can tell; `unread` is then an upper bound. */
  exact: boolean;
}

/** Text of someone else that was not taken back. */
export const counts = (message: Message, me: string): boolean =>
  message.senderId !== me && message.system === null && message.recalledAt === null;

export const tallyOf = (base: number, headSeq: number, readSeq: number): Tally => ({
  base,
  headSeq,
  readSeq,
  tail: new Map(),
  gone: new Set(),
});

/** The tally with these changes, all of them later than what `base` has seen. */
export const withChanges = (tally: Tally, messages: readonly Message[], me: string): Tally => {
  const tail = new Map(tally.tail);
  const gone = new Set(tally.gone);
  for (const message of messages) {
    if (message.seq > tally.headSeq) tail.set(message.seq, counts(message, me));
    else if (message.recalledAt !== null && message.senderId !== me && message.seq > tally.readSeq)
      gone.add(message.seq);
  }
  return { ...tally, tail, gone };
};

/** Unread after `readSeq`. `window`, where it reaches from there to the tally's head, settles what the tally cannot. */
export const derive = (
  tally: Tally,
  readSeq: number,
  window: TimelineState | undefined,
  me: string,
): Unread => {
  let tail = 0;
  for (const [seq, does] of tally.tail) if (does && seq > readSeq) tail++;
  if (readSeq >= tally.headSeq) return { unread: Math.min(tail, UNREAD_CAP), exact: true };
  if (readSeq <= tally.readSeq) {
    const capped = tally.base >= UNREAD_CAP;
    const unread = Math.max(0, tally.base - (capped ? 0 : tally.gone.size)) + tail;
    return { unread: Math.min(unread, UNREAD_CAP), exact: !capped || tally.gone.size === 0 };
  }
  const messages = window?.messages ?? [];
  const first = messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const last = messages.at(-1)?.seq ?? 0;
  if (first <= readSeq + 1 && last >= tally.headSeq) {
    const between = messages.filter((m) => m.seq > readSeq && m.seq <= tally.headSeq && counts(m, me));
    return { unread: Math.min(between.length + tail, UNREAD_CAP), exact: true };
  }
  const most = Math.min(tally.base, tally.headSeq - readSeq);
  return { unread: Math.min(most + tail, UNREAD_CAP), exact: false };
};

/** Keeps the tail short where nobody reads: rebased on its own result, which says the same. */
export const compact = (tally: Tally, readSeq: number, headSeq: number, unread: Unread): Tally =>
  tally.tail.size > 4 * UNREAD_CAP && unread.exact ? tallyOf(unread.unread, headSeq, readSeq) : tally;
