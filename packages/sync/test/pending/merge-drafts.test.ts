import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeDrafts } from '../../src/pending/merge-drafts.ts';

const PAGE = readFileSync(new URL('../../../../docs/sync.md', import.meta.url), 'utf8');
/** Cells of the rows that follow the head of the table of drafts; an empty one is no text. */
const rows = (PAGE.split('| `base` | `tried` |')[1] ?? '')
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').slice(1, -1))
  .filter((_, i, all) => all.slice(0, i + 1).every(({ length }) => length === 5))
  .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')))
  .map((cells) => cells.map((cell) => (cell === '' ? null : (JSON.parse(cell) as string))));

/** Few different lines, so that they meet. */
const text = fc
  .array(fc.constantFrom('', 'tea', 'milk', 'rice', 'tea and milk'), { maxLength: 5 })
  .map((lines) => lines.join('\n'));
const distinct = fc
  .uniqueArray(fc.constantFrom('one', 'two', 'three', 'four', 'five', 'six'), { maxLength: 6 })
  .map((lines) => lines.join('\n'));
const lines = (of: string) => (of === '' ? [] : of.split('\n'));
const seed = { seed: 20_261_129, numRuns: 2_000 };

describe('one draft that two devices have changed', () => {
  it('has examples in docs/sync.md', () => expect(rows.length).toBeGreaterThan(10));
  it.each(rows)('base %j, tried %j, theirs %j, own %j: %j', (base, tried, theirs, own, result) => {
    expect(mergeDrafts(base ?? '', theirs ?? '', own ?? '', tried === null ? [] : [tried])).toBe(result);
  });

  it('keeps every line that either has added', () =>
    fc.assert(
      fc.property(text, text, text, (base, theirs, own) => {
        const result = mergeDrafts(base, theirs, own);
        for (const line of [...lines(theirs), ...lines(own)])
          if (!lines(base).includes(line)) expect(result).toContain(line);
      }),
      seed,
    ));

  it('doubles no line, and brings none back that either has taken away or sent', () =>
    fc.assert(
      fc.property(distinct, distinct, distinct, (base, theirs, own) => {
        const result = lines(mergeDrafts(base, theirs, own));
        expect(new Set(result).size).toBe(result.length);
        for (const line of lines(base)) {
          const isKept = lines(theirs).includes(line) && lines(own).includes(line);
          expect(result.includes(line)).toBe(isKept);
        }
      }),
      seed,
    ));

  it('comes to the same on the device that hears of it next', () =>
    fc.assert(
      fc.property(text, text, text, (base, theirs, own) => {
        const result = mergeDrafts(base, theirs, own);
        // The device that was first had nothing else to write, and the one that merged meets its own text.
        expect(mergeDrafts(theirs, result, theirs)).toBe(result);
        expect(mergeDrafts(theirs, result, result)).toBe(result);
      }),
      seed,
    ));
});
