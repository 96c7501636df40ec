import type { ConversationKind, InboxEntry } from '@lockstep/protocol';
import { expect, test } from 'vitest';
import { filterEntries, itemKey, listItems } from '../../components/shell/sections.ts';

const entry = (id: string, kind: ConversationKind, title: string, unread = 0): InboxEntry => ({
  conversation: {
    id,
    kind,
    visibility: 'public',
    title,
    topic: null,
    memberCount: 2,
    headSeq: 1,
    headRev: 1,
    diffusion: 'write',
    createdAt: 0,
  },
  pos: 1,
  role: 'member',
  peerId: null,
  readSeq: 0,
  markedUnread: false,
  unread,
  mentions: 0,
  draft: null,
  mutedUntil: null,
  pinnedAt: null,
  archivedSeq: null,
  placeSeq: null,
  last: null,
});

const nameOf = ({ conversation }: InboxEntry) => conversation.title ?? '';
const keys = (items: ReturnType<typeof listItems>) => items.map(itemKey);

test('sections come in one order, each keeps the order of its entries, an empty one says so', () => {
  const entries = [
    entry('d1', 'direct', 'Ann'),
    entry('c1', 'channel', 'one'),
    entry('c2', 'channel', 'two'),
  ];
  expect(keys(listItems(entries, new Set(), null))).toEqual([
    'section-channel',
    'c1',
    'c2',
    'section-group',
    'empty-group',
    'section-direct',
    'd1',
  ]);
});

test('a collapsed section keeps what is unread and what is open, and counts the unread', () => {
  const entries = [
    entry('c1', 'channel', 'one'),
    entry('c2', 'channel', 'two', 4),
    entry('c3', 'channel', 'three'),
  ];
  const items = listItems(entries, new Set(['channel', 'group', 'direct']), 'c3');
  expect(keys(items)).toEqual(['section-channel', 'c2', 'c3', 'section-group', 'section-direct']);
  expect(items[0]).toMatchObject({ collapsed: true, unread: 4, count: 3 });
});

test('the filter needs every word, ignores case, marks and a leading sign, and puts beginnings first', () => {
  const entries = [
    entry('1', 'channel', 'The Überraschung'),
    entry('2', 'channel', 'uberraschung party'),
    entry('3', 'channel', '设计讨论'),
    entry('4', 'channel', 'party'),
  ];
  const found = (query: string) => filterEntries(entries, query, nameOf).map((each) => each.conversation.id);
  expect(found('UBER')).toEqual(['2', '1']);
  expect(found('party uber')).toEqual(['2']);
  expect(found('#party')).toEqual(['4', '2']);
  expect(found('讨论')).toEqual(['3']);
  expect(found('nothing')).toEqual([]);
});

test('10,000 conversations are sorted into sections and filtered in a frame or two', () => {
  const entries = Array.from({ length: 10_000 }, (_, i) => entry(`${i}`, 'direct', `Person ${i}`));
  const start = performance.now();
  expect(listItems(entries, new Set(), null)).toHaveLength(10_005);
  expect(filterEntries(entries, 'person 9999', nameOf)).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(500);
});
