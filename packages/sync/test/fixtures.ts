import type { InboxEntry, Message } from '@lockstep/protocol';
import { sampleEntry, sampleMessage } from '@lockstep/testing/samples';

export const ME = 'me';
export const ID = 'c';

export const message = (seq: number, rev = seq, change: Partial<Message> = {}): Message =>
  sampleMessage(seq, { rev, senderId: 'other', clientId: `other-${seq}`, ...change });

export const NOTHING_PERSONAL = {
  markedUnread: false,
  mentions: 0,
  draft: null,
  mutedUntil: null,
  pinnedAt: null,
  archivedSeq: null,
  placeSeq: null,
};

export const entry = (headSeq: number, change: Partial<InboxEntry> = {}, headRev = headSeq): InboxEntry => ({
  ...sampleEntry(
    { title: 'Tea', memberCount: 2, headSeq, headRev },
    { unread: headSeq, last: headSeq > 0 ? message(headSeq, headRev) : null },
  ),
  ...change,
});
