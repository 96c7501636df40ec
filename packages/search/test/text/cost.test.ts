import { LIMITS, parseSearch } from '@lockstep/protocol';
import { sampleMessage } from '@lockstep/testing/samples';
import { seeded } from '@lockstep/testing/sim/random';
import { describe, expect, test } from 'vitest';
import { emptyPlan, takeText } from '../../src/query/clauses.ts';
import { matcherOf } from '../../src/query/fits.ts';
import type { Plan } from '../../src/query/plan.ts';
import { scoreOf } from '../../src/query/score.ts';
import {
  codesOf,
  MAX_MARKS,
  MAX_OCCURRENCES,
  MAX_PARTS,
  marksOf,
  Text,
  termOf,
  tokensOf,
} from '../../src/text/index.ts';

// What a search costs is counted in tokens looked at, not in time: it may not depend on what people write.

const planOf = (text: string): Plan => {
  const plan = emptyPlan('me', null);
  for (const clause of parseSearch(text).query.clauses)
    if (clause.kind === 'word' || clause.kind === 'phrase') takeText(plan, clause);
  return plan;
};

/** Tokens looked at to see whether a message fits, to score it and to mark it. */
const costOf = (body: string, query: string): number => {
  const plan = planOf(query);
  const steps = { taken: 0 };
  const message = sampleMessage(1, { body });
  matcherOf(plan, steps)(message);
  scoreOf(message, plan, 0, steps);
  marksOf(body, plan.terms, steps);
  return steps.taken;
};

/** Of the longest text and the longest query: some ten milliseconds. */
const MAX_COST = 450_000;
const LONGEST = LIMITS.messageText;
const long = (piece: string) => piece.repeat(Math.floor(LONGEST / piece.length));

const TEXTS: Record<string, string> = {
  'one letter again and again': long('b '),
  'two in turn': long('a b '),
  'two in turn, and once otherwise': `${long('a b ').slice(0, -8)} b b c c`,
  'one character': long('的'),
  'two characters in turn': long('的好'),
  'all words of the query': long(Array.from({ length: 32 }, (_, i) => `w${i} `).join('')),
  'different words': Array.from({ length: 1_500 }, (_, i) => `x${i}`).join(' '),
  'one word that begins so': long('bb '),
  quotes: long('>'),
  lists: long('- '),
  marks: 'a'.concat(
    ...Array.from({ length: LONGEST - 1 }, (_, i) => String.fromCodePoint(0x300 + (i % 0x6f))),
  ),
  emoji: '😀'.repeat(LONGEST),
  ligatures: long('ﷺ'),
  codes: long('a.'),
};
const QUERIES: Record<string, string> = {
  'one letter, 32 times': 'b '.repeat(32),
  'sorted by how well': `sort:best ${'b '.repeat(31)}`,
  'a phrase of 240 words': `"${'b '.repeat(240)}"`,
  'phrases that nearly fit': `"${'a b '.repeat(30)}b" "${'a b '.repeat(29)}c"`,
  'one character': '的'.repeat(490),
  'characters apart': `"${'的 好 '.repeat(60)}好"`,
  'many beginnings': Array.from({ length: 32 }, (_, i) => `b${i % 10}*`).join(' '),
  '32 words': Array.from({ length: 32 }, (_, i) => `w${i}`).join(' '),
  'none of these': Array.from({ length: 32 }, (_, i) => `-"b b b${i}"`).join(' '),
  code: 'a.'.repeat(240),
  emoji: '😀'.repeat(240),
};

describe('what matching costs', () => {
  for (const [text, body] of Object.entries(TEXTS))
    test(`is bounded: ${text}`, () => {
      for (const [query, asked] of Object.entries(QUERIES))
        expect(costOf(body, asked), query).toBeLessThan(MAX_COST);
    });

  test('is bounded by the length of the text times that of the query, whatever both are', () => {
    const next = seeded(9);
    const below = (n: number) => Math.floor(next() * n);
    const PIECES = [
      'a',
      'b',
      'ab',
      'b.',
      '的',
      '好',
      '"',
      ' ',
      ' ',
      'c++',
      '-',
      '*',
      '😀',
      'ﷺ',
      'é',
      '>',
      '\n',
    ];
    const some = (most: number) => {
      const few = Array.from({ length: 1 + below(3) }, () => PIECES[below(PIECES.length)]);
      return Array.from({ length: below(most) }, () => few[below(few.length)]).join('');
    };
    for (let run = 0; run < 1_000; run++) {
      const [body, query] = [some(400), some(120)];
      const { terms, notTerms } = planOf(query);
      const parts = [...terms, ...notTerms].reduce((sum, term) => sum + term.parts.length, 0);
      const tokens = tokensOf(body).length;
      expect(costOf(body, query), JSON.stringify({ body, query })).toBeLessThanOrEqual(
        4 * (tokens + 1) * (parts + terms.length + 1),
      );
    }
  });

  test('does not grow when a term is asked for again', () => {
    const once = planOf('b "a b"');
    expect(planOf(`${'b '.repeat(20)} ${'"a b" '.repeat(5)}`).terms).toEqual(once.terms);
    expect(planOf('-bbb -bbb -bbb').notTerms).toHaveLength(1);
    // Not the same: the beginning of a word, and a word that must not be there.
    expect(planOf('bbb bbb* -bbb')).toMatchObject({ terms: { length: 2 }, notTerms: { length: 1 } });
  });

  test('a long phrase asks for its beginning', () => {
    const words = Array.from({ length: 100 }, (_, i) => `w${i}`);
    const term = termOf(words.join(' '), { phrase: true });
    expect(term?.parts).toHaveLength(MAX_PARTS);
    const says = (text: string[]) => term !== null && new Text(text.join(' ')).has(term);
    expect(says(words)).toBe(true);
    expect(says(words.slice(1))).toBe(false);
    expect(says([...words.slice(0, MAX_PARTS), 'elsewhere'])).toBe(true);
  });

  test('occurrences and marks are the first so many', () => {
    const term = termOf('b');
    if (!term) throw new Error('no term');
    const found = new Text(long('b ')).occurrences(term);
    expect(found).toHaveLength(MAX_OCCURRENCES);
    expect(found[3]?.[0]?.from).toBe(6);
    const marks = marksOf(long('b '), [term]);
    expect(marks).toHaveLength(MAX_MARKS);
    expect(marks.slice(0, 2)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('signs in the middle of a run are walked once, and a word of marks is folded in part', () => {
    // Each of them took the square of its length.
    expect(codesOf(`${'!'.repeat(7_000)}a${'!'.repeat(7_000)}é`)).toBe(null);
    expect(codesOf(`((v1.2.3))`)).toBe('v1.2.3');
    expect(codesOf(`<c++>, f#! x_y. 𝟙.𝟚`)).toBe('x_y 1.2');
    const marks = String.fromCodePoint(0x0f72, 0x0f71, 0x0f74).repeat(2_500);
    expect(tokensOf(`k${marks} end`).map(({ text }) => text.length)).toEqual([80, 3]);
  });
});
