import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { eachFolded, fold, foldName } from '../src/index.ts';

const nfd = (text: string) => text.normalize('NFD');

describe('what is the same', () => {
  test.each([
    ['CAFÉ', 'cafe'],
    [nfd('Béla'), 'bela'],
    ['ＱＷＥＮ３', 'qwen3'],
    ['ﬁle', 'file'],
    // Letters that Unicode's compatibility forms leave whole.
    ['Straße STRAẞE', 'strasse strasse'],
    ['œuvre Æsir', 'oeuvre aesir'],
    ['ŁÓDŹ smørrebrød', 'lodz smorrebrod'],
    ['Þórður Guðmundsson', 'thordur gudmundsson'],
    ['đẹp Đà Nẵng', 'dep da nang'],
    ['Ħamrun ŋoko ɓoye ɗan ƙofa ƴar', 'hamrun noko boye dan kofa yar'],
    ['col·lecció ŀlunya', 'colleccio llunya'],
    ['𝓐𝓷𝓷 Ⓐⓝⓝ ᴬ', 'ann ann a'],
    // Turkish, both ways.
    ['IĞDIR', 'igdir'],
    ['ığdır', 'igdir'],
    ['İstanbul ışık', 'istanbul isik'],
    ['Ὀδυσσεύς ΟΔΟΣ', 'οδυσσευσ οδοσ'],
    // Digits of all scripts, and signs that are short for letters.
    ['١٢٣٤ ۱۲ १२ ๑๒ ᠑᠒ 𝟙𝟚 ²', '1234 12 12 12 12 12 2'],
    ['㎏ № ℃ ™ ㍿', 'kg no °c tm 株式会社'],
    // Arabic that is stretched, pointed, or typed on the keyboard of another language.
    ['محـــمد مُحَمَّد', 'محمد محمد'],
    ['كتابي', fold('کتابی')],
    ['أحمد إسلام آمنة', fold('احمد اسلام امنه')],
    ['שָׁלוֹם', 'שלום'],
    // The marks of sound belong to their kana.
    [nfd('プロジェクト'), 'プロジェクト'],
    [nfd('がっこう'), 'がっこう'],
    ['ﾌﾟﾛｼﾞｪｸﾄ', 'プロジェクト'],
    ['か゛き゛', 'がぎ'],
    [nfd('한국어'), '한국어'],
    ['ㅎㅏㄴ', fold('하ㄴ')],
    ['हिन्दी ไทย', 'हिन्दी ไทย'],
    // What shows nothing splits no word.
    ['super\u00admarket bud\u200bget', 'supermarket budget'],
    ['人工\u200b智能', '人工智能'],
    ['می\u200cخواهم', fold('میخواهم')],
    ['\ufeffAnn\u2060 L\u034fee\u{e0061}', 'ann lee'],
    // Emoji, whatever their skin and form; what they are made of stays.
    ['👍🏽 ❤️ 1️⃣', '👍 ❤ 1⃣'],
    ['👩🏽‍💻 🇨🇭 🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👩‍💻 🇨🇭 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['ℹ️', 'i'],
    ["O’Brien Oʼbrien O'Brien", "o'brien o'brien o'brien"],
    ['4.4.0–93 Anne‐Marie', '4.4.0-93 anne-marie'],
  ])('%s and %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
    expect(fold(nfd(text))).toBe(folded);
    expect(fold(folded)).toBe(folded);
  });

  it('names have one space wherever there are several', () => {
    expect(foldName('  Ann \u00a0\u3000 Lee\n')).toBe('ann lee');
  });
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0x1100, max: 0x3400 }).map((code) => String.fromCodePoint(code)) }),
  fc.string({ unit: fc.integer({ min: 0xa000, max: 0x1_0000 }).map((code) => String.fromCharCode(code)) }),
);

it('letters in circles and squares fold as the letters do', () => {
  expect(fold('㉮\u11a8')).toBe('각');
  expect(fold('\u{1f202}\u3099')).toBe('ザ');
});

it('folding is idempotent, and each part folds by itself', () => {
  fc.assert(
    fc.property(text, (body) => {
      const folded = fold(body);
      expect(fold(folded)).toBe(folded);
      let parts = '';
      let at = 0;
      eachFolded(body, (part, from, to) => {
        expect(from).toBe(at);
        expect(to).toBeGreaterThan(from);
        parts += part;
        at = to;
      });
      expect(at).toBe(body.length);
      expect(parts).toBe(folded);
    }),
    {
      numRuns: 3_000,
      examples: [
        ['㉮\u11a8'],
        ['ᅡ㉠'],
        ['가㉯\u11a8'],
        ['어\u200b\u11a9'],
        ['가\u0301\u11a8'],
        ['\u{1f202}\u3099'],
      ],
    },
  );
});

it('costs no more than its length, whatever is in it', () => {
  for (const hostile of ['\u0301', '\u200d', '👩‍', '\u3099', 'ㄱ', 'l·', '\u{e0061}', '🇨']) {
    const body = `a${hostile.repeat(100_000 / hostile.length)}`;
    const folded = fold(body);
    expect(folded.length).toBeLessThanOrEqual(body.length);
  }
});
