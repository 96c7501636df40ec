import type { Conversation, InboxEntry, Message } from '@lockstep/protocol';

/** A message from the server with default fields; tests set only the fields that matter. */
export const sampleMessage = (seq: number, change: Partial<Message> = {}): Message => ({
  conversationId: 'c',
  seq,
  rev: seq,
  senderId: 'ann',
  clientId: `m${seq}`,
  body: `text ${seq}`,
  system: null,
  createdAt: seq,
  editedAt: null,
  recalledAt: null,
  ...change,
});

/** The same of an entry of the inbox. */
export const sampleEntry = (
  conversation: Partial<Conversation>,
  change: Partial<Omit<InboxEntry, 'conversation'>> = {},
): InboxEntry => ({
  conversation: {
    id: 'c',
    kind: 'group',
    visibility: 'private',
    title: 'Trip',
    topic: null,
    memberCount: 3,
    headSeq: 1,
    headRev: 1,
    diffusion: 'write',
    createdAt: 0,
    ...conversation,
  },
  pos: 1,
  role: 'member',
  peerId: null,
  readSeq: 0,
  markedUnread: false,
  unread: 0,
  mentions: 0,
  draft: null,
  mutedUntil: null,
  pinnedAt: null,
  archivedSeq: null,
  placeSeq: null,
  last: null,
  ...change,
});
