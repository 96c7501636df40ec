import type { SearchClause } from '@lockstep/protocol';
import { deviceNames } from '@lockstep/search/device';
import { describe, expect, it, test } from 'vitest';
import {
  asText,
  commit,
  type Draft,
  draftText,
  EMPTY,
  isNegatedText,
  readDraft,
} from '../../lib/search/draft.ts';
import { openFilter } from '../../lib/search/open-filter.ts';

const names = deviceNames(
  () => ['Ann', 'Ann Lee', 'Ann Lee Smith', 'Cleo', '李 雷', 'Ann "Bee" Ray'],
  () => ['Harbour trip', 'Café Zürich'],
);

/** As one types letter by letter. */
const type = (text: string, known = names): Draft => {
  let draft = EMPTY;
  for (const sign of text) draft = commit({ ...draft, words: draft.words + sign }, known);
  return draft;
};
const shown = (draft: Draft) => [
  ...draft.chips.map((clause) => draftText({ ...EMPTY, chips: [clause] })),
  draft.words,
];

describe('a filter becomes a chip once a space stands behind it, and no name goes on', () => {
  test.each([
    ['from:cleo rope', ['from:@cleo', 'rope']],
    ['from:@Ann ', ['from:@Ann ']],
    ['from:@Ann L', ['from:@Ann L']],
    ['from:@Ann Lee ', ['from:@Ann Lee ']],
    ['from:@Ann Lee qwx', ['from:@"Ann Lee"', 'qwx']],
    ['from:ann lee smith qwx', ['from:@"ann lee smith"', 'qwx']],
    ['from:ann rope', ['from:@ann', 'rope']],
    ['from:ann "bee" ray x', ['from:@「ann "bee" ray」', 'x']],
    ['rope from:李 雷 你好', ['from:@"李 雷"', 'rope 你好']],
    ['in:harbour trip rope', ['in:#"harbour trip"', 'rope']],
    ['in:cafe zurich in:@ann lee x', ['in:#"cafe zurich"', 'in:@"ann lee"', 'x']],
    ['on:may ', ['on:may ']],
    ['on:may 7 ', ['on:may 7 ']],
    ['on:may 7 2013 x', ['on:2013-05-07', 'x']],
    ['on:may x', ['on:may', 'x']],
    ['on:7 may 2013 x', ['on:2013-05-07', 'x']],
    ['on:2013 may 7 x', ['on:2013-05-07', 'x']],
    ['on:2013 meeting', ['on:2013', 'meeting']],
    ['during:2008-10 ', ['during:2008-10', '']],
    ['on:today x', ['on:today', 'x']],
    ['before:last week x', ['before:last-week', 'x']],
    ['meeting -cancelled room', ['-cancelled', 'meeting room']],
    ['rm -rf build', ['rm -rf build']],
  ])('%s', (text, chips) => expect(shown(type(text))).toEqual(chips));

  it('at once where nothing more is typed', () => {
    expect(shown(readDraft('from:@Ann', names))).toEqual(['from:@Ann', '']);
    expect(shown(readDraft('x on:may', names))).toEqual(['on:may', 'x']);
  });

  it('also where a device knows no names', () => {
    const nobody = deviceNames(
      () => [],
      () => [],
    );
    expect(shown(type('from:@Ann Lee qwx', nobody))).toEqual(['from:@Ann', 'Lee qwx']);
  });
});

test.each([
  ['mytool -xzf a', 'mytool a "-xzf"'],
  ['x -"no sound" ', 'x "no sound"'],
  ['-windows ', '"-windows"'],
])('what is negated in %s becomes text by a click', (text, expected) => {
  const draft = type(text);
  const negated = draft.chips.find((clause: SearchClause) => isNegatedText(clause));
  const next = negated && 'text' in negated ? asText(draft, negated) : draft;
  expect(draftText(next)).toBe(expected);
  expect(commit(next, names).chips).toEqual([]);
});

test.each([
  ['rope from:@Ann Le', { kind: 'from', not: false, start: 'Ann Le', rest: 'rope ' }],
  ['-in:harb', { kind: 'in', not: true, start: 'harb', rest: '' }],
  ['from:ann to:Be', { kind: 'to', not: false, start: 'Be', rest: 'from:ann ' }],
  ['rope', null],
  ['xfrom:ann', null],
  ['from:"Ann Lee" x', null],
])('the filter that is written in %s', (words, open) => expect(openFilter(words)).toEqual(open));
