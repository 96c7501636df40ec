import { fold } from '@lockstep/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { db, ownWorld } from './world.ts';

ownWorld();

const SAMPLES = [
  'Béla Müller ＱＷＥＮ３ ﬁne Straße ẞ Łódź œuvre Æsir Þórr đẹp',
  'IĞDIR ığdır İstanbul ışık Çağrı',
  'ΟΔΟΣ οδός Ὀδυσσεύς',
  'O’Brien o`brien ‘quoted’ 4.4.0–93 col·lecció ŀl',
  'プロジェクト プロジェクト ﾌﾟﾛｼﾞｪｸﾄ か゛ 한국어 ㄱㅏ 어\u200b\u11a9 가\u0301\u11a8',
  '١٢٣٤ ۱۲ ๑๒ १२ ㎏ № ½ ² Ⅷ ⓐ',
  'محـــمد مُحَمَّد ﷺ كتاب کتاب ئ ى ة می‌خواهم',
  'super\u00admarket bud\u200bget \u2060\ufeff',
  'שָׁלוֹם हिन्दी ไทย ក្រុម',
];

/** All signs but those in which nothing folds: Han, Hangul, private ones. */
const RANGES = [
  [0x20, 0x3400],
  [0xa000, 0xac00],
  [0xf900, 0x1_0500],
  [0x1_0900, 0x1_1f00],
  [0x1_d400, 0x1_f700],
] as const;

/** Of emoji the database keeps less: what joins their parts is not there. */
const withoutJoiners = (text: string) => text.replace(/[\u200d\u20e3\u{e0020}-\u{e007f}]|\p{EMod}/gu, '');

it('the database folds as everything else does', async () => {
  const everySign: string[] = [];
  for (const [from, to] of RANGES)
    for (let code = from; code < to; code++) everySign.push(`a${String.fromCodePoint(code)}b`);
  const signs = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.array(fc.constantFrom(...SAMPLES), { minLength: 1, maxLength: 3 }).map((some) => some.join('')),
  );
  const texts = [...SAMPLES, ...everySign, ...fc.sample(signs, { numRuns: 2_000, seed: 1 })].map((one) =>
    one.replaceAll('\0', '').toWellFormed(),
  );
  const { rows } = await db.pool.query<{ text: string; folded: string }>(
    // What is newer than the tables of one of the two is left out.
    'select t as text, fold_text(t) as folded from unnest($1::text[]) t where unicode_assigned(t)',
    [texts.filter((text) => !/\p{Cn}/u.test(text))],
  );
  const different = rows.filter(({ text, folded }) => withoutJoiners(fold(text)) !== folded);
  expect(rows.length).toBeGreaterThan(20_000);
  expect(different.slice(0, 20).map(({ text, folded }) => [text, folded, fold(text)])).toEqual([]);
});
