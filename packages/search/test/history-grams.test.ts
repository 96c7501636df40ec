import { createDb } from '@lockstep/db';
import { testDatabase } from '@lockstep/testing/cluster';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gramsOf } from '../src/history/grams.ts';
import { codesOf, tokensOf } from '../src/text/index.ts';

const SAMPLES = [
  'Café au lait, ＱＷＥＮ３ and ﬁne Straße ẞ',
  'ΟΔΟΣ οδός İstanbul ıI',
  '什么是人工智能？ｶﾞｷﾞ ガギ 한국어',
  'linux-image-4.4.0-93 a_b.c C++ <x> ½ ㎏',
  'שָׁלוֹם مُحَمَّد हिन्दी ไทย',
  '👩‍💻 🏳️‍🌈 ok',
  // Longer than a word may be, of signs of two units each: no half of one is looked for.
  `x${'\u{11099}\u{110ba}'.repeat(50)}`,
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.array(fc.constantFrom(...SAMPLES), { minLength: 1, maxLength: 3 }).map((some) => some.join(' ')),
);

it('whatever can be found in a text, the store has all pairs of its characters', async () => {
  const database = await testDatabase();
  const db = createDb({ connectionString: database.url, poolSize: 1 });
  const texts = [...SAMPLES, ...fc.sample(text, { numRuns: 3_000, seed: 1 })].map((one) =>
    one.replaceAll('\0', '').toWellFormed(),
  );
  try {
    const { rows } = await db.pool.query<{ text: string; grams: string[] }>(
      'select t as text, history_grams(t) as grams from unnest($1::text[]) t',
      [texts],
    );
    expect(rows).toHaveLength(texts.length);
    for (const row of rows) {
      const has = new Set(row.grams);
      for (const token of [
        ...tokensOf(row.text).map((one) => one.text),
        ...(codesOf(row.text) ?? '').split(' '),
      ])
        expect(
          gramsOf(token).filter((gram) => !has.has(gram)),
          JSON.stringify([row.text, token]),
        ).toEqual([]);
    }
  } finally {
    await db.close();
    await database.drop();
  }
});
