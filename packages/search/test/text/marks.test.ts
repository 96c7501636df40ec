import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { marksOf, type Term, termOf } from '../../src/text/index.ts';

const marked = (body: string, ...queries: string[]) => {
  const terms = queries.map((query) => termOf(query)).filter((term): term is Term => term !== null);
  return marksOf(body, terms).map(([from, to]) => body.slice(from, to));
};

test.each([
  ['No sound. Sound?', ['sound'], ['sound', 'Sound']],
  ['no sound here', ['no sound'], ['no', 'sound']],
  ['什么是人工智能？智能', ['智能'], ['智能', '智能']],
  ['人工智能', ['人工智能'], ['人工智能']],
  ['linux-4.4.0-93-generic', ['.4.0-9'], ['4.0-9']],
  ['Café au lait', ['cafe', 'LAIT'], ['Café', 'lait']],
  ['a b', [], []],
])('%s', (body, queries, expected) => expect(marked(body, ...queries)).toEqual(expected));

it('lie inside the text, in order, apart from each other', () => {
  const word = fc.oneof(
    fc.constantFrom('no', 'sound', 'Sounds', '人工智能', '智', 'café', 'ﬁne', '½', 'C++', 'a.b-1', '👍🏽'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  );
  let marks = 0;
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 8 }),
      fc.constantFrom(' ', '', '. '),
      // Of the words of the text, from some letter to some other.
      fc.array(fc.tuple(fc.nat(7), fc.nat(3), fc.nat(6)), { maxLength: 3 }),
      (words, between, parts) => {
        const body = words.join(between);
        const queries = parts.map(([n, from, length]) => (words[n] ?? '').slice(from, from + length + 1));
        const terms = queries.map((query) => termOf(query, { prefix: true })).filter((term) => term !== null);
        let before = -1;
        for (const [from, to] of marksOf(body, terms)) {
          marks++;
          expect(from).toBeGreaterThan(before);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(body.length);
          before = to;
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(marks).toBeGreaterThan(200);
});
