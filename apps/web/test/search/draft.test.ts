import { formatClause } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import {
  addMonths,
  commit,
  type Draft,
  draftText,
  EMPTY,
  has,
  monthsIn,
  readDraft,
  toggled,
  withMonths,
} from '../../lib/search/draft.ts';

const shown = ({ chips, sort, words }: Draft) => ({ chips: chips.map(formatClause), sort, words });
const typed = (words: string, before: Partial<Draft> = {}) => shown(commit({ ...EMPTY, ...before, words }));
const [link, image] = ['has:link', 'has:image'].map((text) => readDraft(text).chips[0]);

describe('a filter that is typed becomes a chip', () => {
  it.each([
    ['has:link', [], 'has:link'],
    ['has:link ', ['has:link'], ''],
    ['wifi has:link driver', ['has:link'], 'wifi driver'],
    ['wifi has:link   -from:@ann  driver', ['has:link', '-from:@ann'], 'wifi driver'],
    ['wifi "no sound" ', [], 'wifi "no sound" '],
    ['has:link has:link ', ['has:link'], ''],
  ])('%j', (words, chips, left) => {
    expect(typed(words)).toEqual({ chips, sort: null, words: left });
  });

  it('an order too, the last of several', () => {
    expect(typed('wifi sort:best ')).toEqual({ chips: [], sort: 'best', words: 'wifi ' });
    expect(typed('SORT：Newest wifi', { sort: 'best' })).toEqual({
      chips: [],
      sort: 'newest',
      words: 'wifi',
    });
    expect(typed('wifi sort:best')).toEqual({ chips: [], sort: null, words: 'wifi sort:best' });
  });

  it('nothing typed to its end leaves the very same draft', () => {
    const draft = { ...EMPTY, words: 'wifi has:li' };
    expect(commit(draft)).toBe(draft);
  });

  it.each(['has:link -from:@ann wifi driver', 'has:link sort:best wifi', 'wifi', ''])(
    '%j is read from an address, and written as it was',
    (text) => {
      expect(readDraft(text).words).toBe(text.replace(/\S+:\S+ ?/g, ''));
      expect(draftText(readDraft(text))).toBe(text);
    },
  );
});

it('a filter is put in, and taken out where it stands', () => {
  const draft = readDraft('has:link wifi');
  expect([
    has(draft, link as NonNullable<typeof link>),
    has(draft, image as NonNullable<typeof image>),
  ]).toEqual([true, false]);
  expect(draftText(toggled(draft, image as NonNullable<typeof image>))).toBe('has:link has:image wifi');
  expect(draftText(toggled(draft, link as NonNullable<typeof link>))).toBe('wifi');
});

describe('months', () => {
  it.each([
    ['2008-10', 0, '2008-10'],
    ['2008-10', 2, '2008-12'],
    ['2008-10', 3, '2009-01'],
    ['2008-01', -1, '2007-12'],
    ['2008-03', -14, '2007-01'],
  ])('%s and %i are %s', (month, by, result) => expect(addMonths(month, by)).toBe(result));

  it.each([
    ['2008-10', '2008-10', 'during:2008-10'],
    ['2008-10', '2009-01', 'after:2008-09 before:2009-02'],
  ])('from %s to %s', (from, to, text) => {
    const draft = withMonths(readDraft('has:link during:2007-01 wifi'), { from, to });
    expect(draftText(draft)).toBe(`has:link ${text} wifi`);
    expect(monthsIn(draft)).toEqual({ from, to });
    expect(draftText(withMonths(draft, null))).toBe('has:link wifi');
  });

  it.each([
    ['after:2008-09', { from: '2008-10' }],
    ['before:2008-09', { to: '2008-08' }],
    ['-during:2008-09', null],
    ['during:2008', null],
    ['during:2008-09-01', null],
    ['has:link', null],
    ['during:2008 after:2008-09', { from: '2008-10' }],
  ])('of %s', (text, range) => expect(monthsIn(readDraft(text))).toEqual(range));
});
