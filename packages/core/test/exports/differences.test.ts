import { expect, it } from 'vitest';
import { differences } from '../../src/exports/verify.ts';

/** Letters are lines. */
const named = (was: string, is: string) =>
  differences([...was], [...is]).map(({ kind, line }) => `${line} ${kind}`);

it.each<[was: string, is: string, faults: string[]]>([
  ['abc', 'abc', []],
  ['', '', []],
  ['abc', 'aXc', ['2 changed']],
  ['abc', 'abcX', ['4 added']],
  ['abc', 'Xabc', ['1 added']],
  ['abc', 'bc', ['1 removed']],
  ['abc', 'ab', ['3 removed']],
  ['abc', '', ['1 removed', '2 removed', '3 removed']],
  ['', 'ab', ['1 added', '2 added']],
  ['abcd', 'aXYd', ['2 changed', '3 changed']],
  ['abcd', 'aXbYd', ['2 added', '4 changed']],
  ['abcdef', 'acdXef', ['2 removed', '4 added']],
  // A line that stands several times is not taken for one that was passed already.
  ['x12x3', 'x92x3', ['2 changed']],
  ['xxxx', 'xxx', ['4 removed']],
  ['abab', 'abXab', ['3 added']],
])('%j that became %j: %j', (was, is, faults) => expect(named(was, is)).toEqual(faults));

it('a line that was moved further than a thousand is one that was removed, and one that was added', () => {
  const lines = Array.from({ length: 3_000 }, (_, n) => `${n}`);
  const [first = '', ...rest] = lines;
  const faults = differences(lines, [...rest, first]);
  expect(faults).toEqual([
    { kind: 'removed', line: 1 },
    { kind: 'added', line: 3_000 },
  ]);
});
