import type { InboxEntry, Message } from '@lockstep/protocol';

export const ME = 'me';
export const ID = 'c';

export const message = (seq: number, rev = seq, change: Partial<Message> = {}): Message => ({
  conversationId: ID,
  seq,
  rev,
  senderId: 'other',
  clientId: `other-${seq}`,
  body: `text ${seq}`,
  system: null,
  createdAt: seq,
  editedAt: null,
  recalledAt: null,
  ...change,
});

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
  conversation: {
    id: ID,
    kind: 'group',
    visibility: 'private',
    title: 'Tea',
    topic: null,
    memberCount: 2,
    headSeq,
    headRev,
    diffusion: 'write',
    createdAt: 0,
  },
  pos: 1,
  role: 'member',
  peerId: null,
  readSeq: 0,
  ...NOTHING_PERSONAL,
  unread: headSeq,
  last: headSeq > 0 ? message(headSeq, headRev) : null,
  ...change,
});
