import { expect, it } from 'vitest';
import { isWalkCheaper } from '../src/postgres/estimate.ts';
import type { Plan } from '../src/query/plan.ts';
import { termOf } from '../src/text/index.ts';

const SHARES: Record<string, number> = { the: 0.3, them: 0.1, sound: 0.01 };

const read = {
  rows: 1_000_000,
  share: (token: string) => SHARES[token] ?? 0,
  shareOfPrefix: (prefix: string) =>
    Object.entries(SHARES).reduce((sum, [token, share]) => sum + (token.startsWith(prefix) ? share : 0), 0),
};

const planOf = (...words: string[]): Plan =>
  ({
    terms: words.map((word) =>
      word.endsWith('*') ? termOf(word.slice(0, -1), { prefix: true }) : termOf(word),
    ),
    traits: [],
  }) as unknown as Plan;

it.each([
  { words: ['the'], rows: 30_000, walk: true },
  { words: ['the'], rows: 300_000, walk: false },
  // The rarest of words that must all be there decides, but a beginning is read whole.
  { words: ['the', 'sound'], rows: 30_000, walk: false },
  { words: ['sound', 'the*'], rows: 300_000, walk: true },
  { words: ['nowhere'], rows: 10, walk: false },
  { words: ['the', '2.6.8'], rows: 30_000, walk: false },
  { words: [], rows: 10, walk: false },
])('of a million, $rows in reach: looks at them one by one for $words: $walk', ({ words, rows, walk }) => {
  expect(isWalkCheaper(planOf(...words), read, rows)).toBe(walk);
});
