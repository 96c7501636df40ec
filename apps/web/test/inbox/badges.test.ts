import { type InboxEntry, UNREAD_CAP } from '@lockstep/protocol';
import { sampleEntry, sampleMessage } from '@lockstep/testing/samples';
import { expect, test } from 'vitest';
import { badgeOf, explainBadge, waitingIn } from '../../components/inbox/badges.ts';

const NOW = 1_000_000;
const entry = (over: Partial<InboxEntry> = {}, headSeq = 10) =>
  sampleEntry({ headSeq, headRev: headSeq }, { readSeq: headSeq, ...over });

test('a row shows a count, or a dot where it is only marked; muted is quiet', () => {
  expect(badgeOf(entry(), NOW)).toEqual({ kind: 'none', count: 0, mentions: 0, muted: false });
  expect(badgeOf(entry({ markedUnread: true }), NOW).kind).toBe('dot');
  expect(badgeOf(entry({ markedUnread: true, unread: 2, mentions: 1 }), NOW)).toEqual({
    kind: 'count',
    count: 2,
    mentions: 1,
    muted: false,
  });
  expect(badgeOf(entry({ unread: 2, mutedUntil: NOW + 1 }), NOW).muted).toBe(true);
  expect(badgeOf(entry({ unread: 2, mutedUntil: NOW }), NOW).muted).toBe(false);
});

test('the tab counts conversations, not messages, without the muted ones; a mention is told apart', () => {
  expect(waitingIn([entry(), entry({ unread: 40 }), entry({ markedUnread: true })], NOW)).toEqual({
    conversations: 2,
    mentioned: false,
  });
  expect(waitingIn([entry({ unread: 3, mentions: 1, mutedUntil: NOW + 1 })], NOW)).toEqual({
    conversations: 0,
    mentioned: false,
  });
  expect(waitingIn([entry({ unread: 3, mentions: 1, mutedUntil: NOW - 1 })], NOW)).toEqual({
    conversations: 1,
    mentioned: true,
  });
});

test('what is archived does not wait, unless it was marked; what is muted never does', () => {
  const archived = { archivedSeq: 10 };
  const waiting = (...over: Partial<InboxEntry>[]) =>
    waitingIn(
      over.map((one) => entry(one)),
      NOW,
    ).conversations;
  expect(waiting({ ...archived, unread: 3 })).toBe(0);
  expect(waiting({ ...archived, markedUnread: true })).toBe(1);
  expect(waiting({ archivedSeq: 9, unread: 1 })).toBe(1);
  expect(waiting({ markedUnread: true, mutedUntil: NOW + 1 })).toBe(0);
  // A mention that was read is none.
  expect(waitingIn([entry({ markedUnread: true, mentions: 1 })], NOW).mentioned).toBe(false);
});

test('rule 7: an explanation adds up: what came after the read position is unread, own, notes or recalled', () => {
  const mine = entry({ readSeq: 4, unread: 2, mentions: 1 });
  const messages = [
    sampleMessage(4),
    sampleMessage(5),
    sampleMessage(6, { senderId: 'me' }),
    sampleMessage(7, { body: null, system: { type: 'left', userId: 'x' } }),
    sampleMessage(8, { body: null, recalledAt: 5 }),
    sampleMessage(9, { senderId: 'me', body: null, recalledAt: 5 }),
    sampleMessage(10),
  ];
  const why = explainBadge(mine, messages, 'me', NOW);
  expect(why).toMatchObject({ headSeq: 10, readSeq: 4, after: 6, unread: 2, mentions: 1, capped: false });
  expect(why.apart).toEqual({ own: 2, system: 1, recalled: 1 });
  const { own, system, recalled } = why.apart ?? { own: 0, system: 0, recalled: 0 };
  expect(own + system + recalled + why.unread).toBe(why.after);
});

test('an explanation never guesses: with messages missing it says only the sum', () => {
  expect(explainBadge(entry({ readSeq: 4, unread: 2 }), null, 'me', NOW).apart).toBeNull();
  expect(explainBadge(entry({ readSeq: 4, unread: 2 }), [sampleMessage(9)], 'me', NOW).apart).toBeNull();
  expect(explainBadge(entry({ readSeq: 0, unread: UNREAD_CAP }, 500), null, 'me', NOW).capped).toBe(true);
});
