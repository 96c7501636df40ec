import type { ConversationKind, InboxEntry } from '@lockstep/protocol';
import { sampleEntry } from '@lockstep/testing/samples';
import { expect, test } from 'vitest';
import {
  collapsedSections,
  filterEntries,
  itemKey,
  listItems,
  type Section,
} from '../../components/inbox/sections.ts';

const NOW = 1_000_000;
const entry = (
  id: string,
  kind: ConversationKind,
  title: string,
  unread = 0,
  personal: Partial<InboxEntry> = {},
): InboxEntry => sampleEntry({ id, kind, title }, { unread, ...personal });
const collapsed = (...toggled: Section[]) => collapsedSections(new Set(toggled));

const nameOf = ({ conversation }: InboxEntry) => conversation.title ?? '';
const keys = (items: ReturnType<typeof listItems>) => items.map(itemKey);

test('sections come in one order, each keeps the order of its entries, an empty one says so', () => {
  const entries = [
    entry('d1', 'direct', 'Ann'),
    entry('c1', 'channel', 'one'),
    entry('c2', 'channel', 'two'),
  ];
  expect(keys(listItems(entries, collapsed(), null, NOW))).toEqual([
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
  const items = listItems(entries, collapsed('channel', 'group', 'direct'), 'c3', NOW);
  expect(keys(items)).toEqual(['section-channel', 'c2', 'c3', 'section-group', 'section-direct']);
  expect(items[0]).toMatchObject({ collapsed: true, unread: 4, count: 3 });
});

test('what is pinned stands on top, the latest first, and in no other section', () => {
  const entries = [
    entry('c1', 'channel', 'one'),
    entry('c2', 'channel', 'two', 0, { pinnedAt: 10 }),
    entry('d1', 'direct', 'Ann', 0, { pinnedAt: 20 }),
  ];
  expect(keys(listItems(entries, collapsed('group', 'direct'), null, NOW))).toEqual([
    'section-pinned',
    'd1',
    'c2',
    'section-channel',
    'c1',
    'section-group',
    'section-direct',
  ]);
});

test('the archive is last and begins collapsed; a new message brings a conversation back, unless it is muted', () => {
  const archived = { archivedSeq: 1 };
  const muted = { archivedSeq: 0, mutedUntil: NOW + 1 };
  const entries = [
    entry('c1', 'channel', 'one', 0, archived),
    entry('c2', 'channel', 'two', 1, { archivedSeq: 0 }),
    entry('c3', 'channel', 'three', 1, muted),
    entry('c4', 'channel', 'four', 0, { ...archived, pinnedAt: 5 }),
    entry('c5', 'channel', 'five', 0, { ...archived, markedUnread: true }),
  ];
  const shut = listItems(entries, collapsed(), null, NOW);
  expect(keys(shut)).toEqual([
    'section-channel',
    'c2',
    'section-group',
    'empty-group',
    'section-direct',
    'empty-direct',
    'section-archived',
    'c5',
  ]);
  expect(shut.find((item) => itemKey(item) === 'section-archived')).toMatchObject({
    collapsed: true,
    count: 4,
  });
  expect(keys(listItems(entries, collapsed('archived'), null, NOW)).slice(-4)).toEqual([
    'c1',
    'c3',
    'c4',
    'c5',
  ]);
  expect(keys(listItems(entries, collapsed(), null, NOW + 2))).toContain('c3');
});

test('a collapsed section does not count what is muted, and lets it go out of sight', () => {
  const entries = [
    entry('c1', 'channel', 'one', 3, { mutedUntil: NOW + 1 }),
    entry('c2', 'channel', 'two', 4),
  ];
  const items = listItems(entries, collapsed('channel'), null, NOW);
  expect(keys(items).slice(0, 2)).toEqual(['section-channel', 'c2']);
  expect(items[0]).toMatchObject({ unread: 4, count: 2 });
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

test('10,000 conversations cost ten times what 1,000 do, to be sorted into sections and to be filtered', () => {
  /** Times that an entry or its name is looked at. */
  const cost = (count: number) => {
    let looks = 0;
    const watched = (one: InboxEntry) =>
      new Proxy(one, {
        get: (target, key) => {
          looks++;
          return Reflect.get(target, key);
        },
      });
    const entries = Array.from({ length: count }, (_, i) =>
      watched(entry(`${i}`, 'direct', `Person ${i}`, 0, { pinnedAt: i % 7 === 0 ? (i * 31) % count : null })),
    );
    expect(listItems(entries, collapsed(), null, NOW).length).toBeGreaterThanOrEqual(count);
    const inSections = looks;
    looks = 0;
    expect(filterEntries(entries, `person ${count - 1}`, nameOf)).toHaveLength(1);
    return { inSections, inFilter: looks };
  };
  const [thousand, ten] = [cost(1_000), cost(10_000)];
  // A third more for what is sorted.
  expect(ten.inSections).toBeLessThan(13 * thousand.inSections);
  expect(ten.inSections).toBeLessThan(10_000 * 20);
  expect(ten.inFilter).toBe(10_000);
});
