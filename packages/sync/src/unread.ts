import { isRecalled, type Message, mentionsIn, stateOf, textRevOf, UNREAD_CAP } from '@lockstep/protocol';
import type { TimelineState } from './types.ts';

/** What a message adds: nothing, one unread, or one unread that mentions this person. */
export type Weight = 0 | 1 | 2;

/**
 * What unread and mentions are derived from (rule 7): the server's counts at a known head, and each message known to
 * have come or gone since. Applying the same change twice adds the same `seq` to the same map, so a badge cannot drift.
 */
export interface Tally {
  /** The server's counts, to UNREAD_CAP at most. */
  readonly base: number;
  readonly mentions: number;
  /** The head that they were counted at. */
  readonly headSeq: number;
  /** The read position that they were counted from. */
  readonly readSeq: number;
  /** Messages after `headSeq`: what each adds. */
  readonly tail: ReadonlyMap<number, Weight>;
  /** Messages at or before `headSeq` that were recalled after they had been counted. */
  readonly gone: ReadonlySet<number>;
  /** One that was counted has changed, and it is not known whether it mentioned this person before. */
  readonly doubt: boolean;
}

export interface Unread {
  unread: number;
  mentions: number;
  /** False when only the server can tell; the counts are then an upper bound. */
  exact: boolean;
}

/** What someone else wrote and did not take back. */
export const weigh = (message: Message, me: string): Weight => {
  if (message.senderId === me || stateOf(message) !== 'live') return 0;
  return mentionsIn(message.body).includes(me) ? 2 : 1;
};

export const tallyOf = (
  counted: { unread: number; mentions: number },
  headSeq: number,
  readSeq: number,
): Tally => ({
  base: counted.unread,
  mentions: counted.mentions,
  headSeq,
  readSeq,
  tail: new Map(),
  gone: new Set(),
  doubt: false,
});

/**
 * The tally with these changes, all of them later than the counts. A message whose text is of `knownRev` or before
 * was only annotated since, and counts as it did.
 */
export const withChanges = (tally: Tally, messages: readonly Message[], me: string, knownRev = 0): Tally => {
  const tail = new Map(tally.tail);
  const gone = new Set(tally.gone);
  let { doubt } = tally;
  for (const message of messages) {
    if (message.seq > tally.headSeq) {
      tail.set(message.seq, weigh(message, me));
      continue;
    }
    if (textRevOf(message) <= knownRev) continue;
    if (message.seq <= tally.readSeq || message.senderId === me || stateOf(message) === 'system') continue;
    if (isRecalled(message)) gone.add(message.seq);
    doubt ||= tally.mentions > 0 || weigh(message, me) === 2;
  }
  return { ...tally, tail, gone, doubt };
};

const sum = (weights: Iterable<Weight>) => {
  let unread = 0;
  let mentions = 0;
  for (const weight of weights) {
    if (weight > 0) unread++;
    if (weight === 2) mentions++;
  }
  return { unread, mentions };
};

const capped = (unread: number, mentions: number, exact: boolean): Unread => ({
  unread: Math.min(unread, UNREAD_CAP),
  mentions: Math.min(mentions, UNREAD_CAP),
  exact,
});

/** Counts after `readSeq`. If `window` reaches from there to the tally's head, it decides what the tally cannot. */
export const derive = (
  tally: Tally,
  readSeq: number,
  window: TimelineState | undefined,
  me: string,
): Unread => {
  const tail = sum([...tally.tail].filter(([seq]) => seq > readSeq).map(([, weight]) => weight));
  if (readSeq >= tally.headSeq) return capped(tail.unread, tail.mentions, true);
  if (readSeq <= tally.readSeq && !tally.doubt) {
    const full = tally.base >= UNREAD_CAP;
    const left = Math.max(0, tally.base - (full ? 0 : tally.gone.size));
    return capped(left + tail.unread, tally.mentions + tail.mentions, !full || tally.gone.size === 0);
  }
  const from = Math.max(readSeq, tally.readSeq);
  const messages = window?.messages ?? [];
  const first = messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const last = messages.at(-1)?.seq ?? 0;
  if (first <= from + 1 && last >= tally.headSeq) {
    const held = messages.filter((m) => m.seq > from && m.seq <= tally.headSeq);
    const between = sum(held.map((m) => weigh(m, me)));
    return capped(between.unread + tail.unread, between.mentions + tail.mentions, true);
  }
  const between = tally.headSeq - from;
  const mostUnread = Math.min(tally.base - (tally.base >= UNREAD_CAP ? 0 : tally.gone.size), between);
  const mostMentions = Math.min(tally.mentions, between);
  const exact = between > 0 && mostUnread <= 0 && mostMentions === 0;
  return capped(Math.max(0, mostUnread) + tail.unread, mostMentions + tail.mentions, exact);
};

/** Keeps the tail short in conversations that nobody reads, by rebasing the tally on its own result. */
export const compact = (tally: Tally, readSeq: number, headSeq: number, result: Unread): Tally =>
  tally.tail.size > 4 * UNREAD_CAP && result.exact ? tallyOf(result, headSeq, readSeq) : tally;
