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
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 3 }), (body, queries) => {
      const terms = queries.map((query) => termOf(query, { prefix: true })).filter((term) => term !== null);
      let before = -1;
      for (const [from, to] of marksOf(body, terms)) {
        expect(from).toBeGreaterThan(before);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(body.length);
        before = to;
      }
    }),
    { numRuns: 2_000 },
  );
});
