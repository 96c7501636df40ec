import { skeletonsOf } from '@lockstep/db';
import { describe, expect, test } from 'vitest';

const lookAlike = (one: string, other: string): boolean => {
  const skeletons = skeletonsOf(one);
  return skeletonsOf(other).some((skeleton) => skeletons.includes(skeleton));
};

describe('names that look alike', () => {
  test.each([
    ['the same', 'Ann Lee', 'Ann Lee'],
    ['case', 'Ann Lee', 'ANN lee'],
    ['accents', 'Béla Kovács', 'Bela Kovacs'],
    ['accents that are taken apart', 'Béla', 'Béla'.normalize('NFD')],
    ['a Cyrillic а', 'Ann Lee', 'Аnn Lee'],
    ['all Cyrillic', 'Pace', 'Расе'],
    ['Cyrillic in another case', 'ann lee', 'АNN LЕЕ'],
    ['a Greek ο', 'Bob Stone', 'Bοb Stοne'],
    ['a capital I for an l', 'Allan Lee', 'AIlan Lee'],
    ['an l for a capital I', 'Ian Lee', 'lan Lee'],
    ['a 1 for an l', 'Ella', 'E1la'],
    ['rn for m', 'Tom Bern', 'Torn Bern'],
    ['m for rn', 'Arnold', 'Amold'],
    ['vv for w', 'Owen', 'Ovven'],
    ['VV for W', 'William', 'VVilliam'],
    ['vv for w in small letters', 'Wanda', 'vvanda'],
    ['Cyrillic ѵѵ for w', 'Owen', 'Oѵѵen'],
    ['cl for d', 'Linda', 'Lincla'],
    ['c and a capital I for d', 'Linda', 'LincIa'],
    ['d for cl', 'Declan', 'Dedan'],
    ['a 0 for an O', 'Otto', '0tto'],
    ['a 0 for an o', 'Bob', 'B0b'],
    ['a 0 for an o in small letters', 'bob', 'b0b'],
    ['full width', 'Ann Lee', 'Ａｎｎ　Ｌｅｅ'],
    ['mathematical letters', 'Ann Lee', '𝐀𝐧𝐧 𝓛𝓮𝓮'],
    ['several at once', 'Olivia Morn', '0Iіvіа Mom'],
    ['a full stop behind', 'Ann Lee', 'Ann Lee.'],
    ['a hyphen', 'Ann Lee', 'Ann-Lee'],
    ['no space', 'Ann Lee', 'AnnLee'],
    ['a picture beside it', 'Ann Lee', 'Ann Lee ✅'],
    ['what shows nothing', 'Ann', 'A\u00adnn\u200b'],
    ['a dot below', 'Ann', 'Aṇn'],
    ['pictures only', '🦊🦊', '🦊🦊'],
    ['Chinese', '王小明', '王小明'],
  ])('%s: %s and %s', (_, one, other) => {
    expect(lookAlike(one, other)).toBe(true);
  });

  test.each([
    ['Ann', 'Anna'],
    ['Ian', 'Lan'],
    ['Ian', 'Iain'],
    ['Clara', 'Dara'],
    ['Eve', 'Ewe'],
    ['Tom 1', 'Tom 2'],
    ['王小明', '王小名'],
    ['राम', 'रमा'],
    ['🦊', '🐻'],
    ['?', '!'],
    ['Émile', 'Emily'],
  ])('but not %s and %s', (one, other) => {
    expect(lookAlike(one, other)).toBe(false);
  });
});
