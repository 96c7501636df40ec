import { describe, expect, it } from 'vitest';
import {
  entryDigest,
  hash,
  type InboxEntry,
  type Message,
  MessagesDigest,
  messagesDigest,
  overallDigest,
} from '../src/index.ts';

const message: Message = {
  conversationId: '00000000-0000-4000-8000-000000000001',
  seq: 3,
  rev: 4,
  senderId: '00000000-0000-4000-8000-000000000002',
  clientId: '00000000-0000-4000-8000-000000000003',
  body: 'Hello',
  system: null,
  createdAt: 1_764_000_000_123,
  editedAt: null,
  recalledAt: null,
};
const entry: InboxEntry = {
  pos: 7,
  conversation: {
    id: message.conversationId,
    kind: 'group',
    visibility: 'private',
    title: 'Trip',
    topic: null,
    memberCount: 2,
    headSeq: 3,
    headRev: 4,
    diffusion: 'write',
    createdAt: 1_764_000_000_000,
  },
  role: 'member',
  peerId: null,
  readSeq: 2,
  markedUnread: false,
  unread: 1,
  mentions: 0,
  draft: null,
  mutedUntil: null,
  pinnedAt: null,
  archivedSeq: null,
  placeSeq: null,
  last: message,
};

describe('a digest is the same in every version', () => {
  // Computed with Python: devices and servers of different versions compare them.
  it.each([
    ['', '1aee8d83488bdcb8'],
    ['a', '82c97901501c2ba7'],
    ['Hello', 'f653c73236114acb'],
    ['你好 🙂', '5f3d49818ba4aa07'],
  ])('of %j', (text, digest) => expect(hash(text)).toBe(digest));

  it('of messages, at once and one after the other', () => {
    const fields = ({ seq, rev, senderId, clientId, body, createdAt, system }: Message) =>
      [seq, rev, senderId, clientId, body, createdAt, system && Object.entries(system).sort()] as const;
    const renamed: Message = {
      ...message,
      seq: 4,
      rev: 5,
      body: null,
      system: { type: 'renamed', title: 'Tour' },
    };
    for (const run of [[], [message], [message, renamed]]) {
      const digest = new MessagesDigest();
      for (const one of run) digest.add(one);
      const expected = hash(JSON.stringify(run.map(fields)));
      expect([digest.end(), messagesDigest(run)]).toEqual([expected, expected]);
    }
    const turned = { title: 'Tour', type: 'renamed' } as Message['system'];
    expect(messagesDigest([{ ...renamed, system: turned }])).toBe(messagesDigest([renamed]));
  });

  it('of all conversations, in whatever order they come', () => {
    expect(overallDigest({ b: '2', a: '1' })).toBe(hash('a 1\nb 2'));
    expect(overallDigest({})).toBe(hash(''));
  });
});

describe('the digest of a conversation in the inbox', () => {
  const changes: Partial<InboxEntry>[] = [
    ...(
      [
        { id: message.senderId },
        { kind: 'channel' },
        { visibility: 'public' },
        { title: 'Tour' },
        { topic: 'Weather' },
        { memberCount: 3 },
        { headSeq: 4 },
        { headRev: 5 },
      ] as Partial<InboxEntry['conversation']>[]
    ).map((change) => ({ conversation: { ...entry.conversation, ...change } })),
    ...[{ role: 'owner' as const }, { peerId: message.senderId }, { readSeq: 3 }, { markedUnread: true }],
    ...[{ unread: 2 }, { mentions: 1 }, { draft: { text: 'a', version: 0, updatedAt: 0 } }],
    ...[
      { draft: { text: '', version: 1, updatedAt: 0 } },
      { mutedUntil: 1 },
      { pinnedAt: 1 },
      { archivedSeq: 1 },
    ],
    ...[{ placeSeq: 1 }, { last: null }, { last: { ...message, body: 'Hallo' } }],
  ];
  it.each(changes)('is another with %j', (change) =>
    expect(entryDigest({ ...entry, ...change })).not.toBe(entryDigest(entry)),
  );
  it('is the same wherever the entry stands and however it travels', () => {
    const conversation = { ...entry.conversation, diffusion: 'read' as const };
    const empty = { text: '', version: 0, updatedAt: 1 };
    expect(entryDigest({ ...entry, pos: 9, conversation, draft: empty })).toBe(entryDigest(entry));
  });
});
