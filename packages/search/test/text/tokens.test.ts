import { fold } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { codesOf, MAX_TOKEN, Text, termOf, tokensOf, toTsquery, toTsvector } from '../../src/text/index.ts';

const words = (body: string) => tokensOf(body).map(({ text, at }) => `${text}:${at}`);
const finds = (query: string, body: string, options = {}) => {
  const term = termOf(query, options);
  return term !== null && new Text(body).has(term);
};

describe('tokens', () => {
  test.each([
    ["Don't panic", ['don:1', 't:2', 'panic:3']],
    ['C++ and F# c', ['c:1', 'c++:1', 'and:2', 'f:3', 'f#:3', 'c:4']],
    ['a_b.c 4.4.0-93', ['a:1', 'b:2', 'c:3', '4:4', '4:5', '0:6', '93:7']],
    ['人工智能', ['人工:1', '工智:2', '智能:3', '能:4']],
    ['用Qwen3吧', ['用:1', 'qwen3:2', '吧:3']],
    ['한국어 テレビ', ['한국:1', '국어:2', '어:3', 'テレ:4', 'レビ:5', 'ビ:6']],
    ['½ 👍🏽', ['1:1', '2:2', '👍:3']],
    ['🇨🇭🇩🇪 1️⃣ 👩🏽‍💻', ['🇨🇭:1', '🇩🇪:2', '1:3', '1⃣:3', '👩:4', '💻:4', '👩‍💻:4']],
    ['５㎏ №7 Foo™', ['5:1', 'kg:2', 'no:3', '7:4', 'foo:5', 'tm:6']],
    ['๑๒ บาท', ['12:1', 'บา:2', 'าท:3', 'ท:4']],
    ['super\u00admarket 人工\u200b智能', ['supermarket:1', '人工:2', '工智:3', '智能:4', '能:5']],
    ['がっ'.normalize('NFD'), ['がっ:1', 'っ:2']],
    ['<@0199b3c2-7a10-7000-8000-000000000001> hi', ['hi:1']],
    ['rm -rf x --amend, a-b', ['rm:1', 'rf:2', '-rf:2', 'x:3', 'amend:4', '-amend:4', 'a:5', 'b:6']],
    ['tar —xzf（-9', ['tar:1', 'xzf:2', '-xzf:2', '9:3', '-9:3']],
    ['', []],
  ])('%s', (body, expected) => expect(words(body)).toEqual(expected));

  it('say where they stand in the text as it is', () => {
    const body = 'Ｘ Café 人工智能';
    const shown = tokensOf(body).map(({ text, from, to }) => [text, body.slice(from, to)]);
    expect(shown).toEqual([
      ['x', 'Ｘ'],
      ['cafe', 'Café'],
      ['人工', '人工'],
      ['工智', '工智'],
      ['智能', '智能'],
      ['能', '能'],
    ]);
  });

  it('are the same by the fast way for ASCII and by the other', () => {
    const ascii = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((n) => String.fromCharCode(n)) });
    fc.assert(
      fc.property(ascii, (body) => {
        const other = tokensOf(`${body} 中`).slice(0, -1);
        expect(tokensOf(body)).toEqual(other);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are what a tsvector can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (body) => {
        for (const { text } of tokensOf(body)) {
          expect(text).toMatch(/^[^\s'\\=\0]+$/u);
          expect(text.length).toBeLessThanOrEqual(MAX_TOKEN + 2);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(toTsvector("It's `C++` at http://x.org", true)).toBe(
      "'it':1 's':2 'c':3 'c++':3 'at':4 'http':5 'x':6 'org':7 '=link' '=code' '=edit' ",
    );
  });
});

describe('codes', () => {
  test.each([
    ['plain words, nothing else.', null],
    ["don't", null],
    ['linux-image-4.4.0-93-generic!', 'linux-image-4.4.0-93-generic'],
    ['(a_b.c), 使用Qwen3模型', 'a_b.c qwen3'],
    ['getElementById v2', 'getelementbyid'],
    ['5㎏ ４．４．０–93 a\u200bb_c', '5kg 4.4.0-93 ab_c'],
  ])('%s', (body, codes) => expect(codesOf(body)).toBe(codes));
});

describe('terms', () => {
  test.each([
    ['panic', "'panic'"],
    ["don't", "'don' <1> 't'"],
    ['人工智能', "'人工' <1> '工智' <1> '智能'"],
    ['人工，智', "'人工' <2> '智':*"],
    ['好', "'好':*"],
    ['c++', "'c++'"],
    ['4.4.0-93', "'4' <1> '4' <1> '0' <1> '93'"],
  ])('%s', (text, query) => {
    const term = termOf(text);
    expect(term && toTsquery(term)).toBe(query);
  });

  test.each([
    ['panic', "Don't PANIC!", true],
    ['pani', "Don't PANIC!", false],
    ['智能', '人工智能是什么', true],
    ['人能', '人工智能是什么', false],
    ['能', '人工智能', true],
    ['4.4.0-93', 'linux-image-4.4.0-93-generic', true],
    ['.4.0-9', 'linux-image-4.4.0-93-generic', true],
    ['wen3', 'Qwen3-32B', true],
    ['a_b.c', 'see x_a_b.cc', true],
    ['c++', 'C++11 or C#', true],
    ['c#', 'C++11', false],
    ['wi-fi', 'the wi fi is down', true],
    ['2>&1', 'make 2>&1 | tee log', true],
    ['2>&1', 'page 2 1 of', false],
    ['8.8.8.8', 'ping 8.8.8.8', true],
    ['8.8.8.8', 'votes 8,8,8,8', false],
    ['a_b.c', 'a b c', false],
    ['xorg.conf', '/etc/X11/xorg.conf.d', true],
    ['10:30', 'at 10 30', false],
    ['dist-upgrade', 'a dist upgrade', true],
    ['cafe', 'Café au lait', true],
    ['👍', 'done 👍🏽', true],
    ['👍🏿', 'done 👍🏽', true],
    ['🇨🇭', 'from 🇨🇭 to 🇩🇪', true],
    ['🇭🇺', '🇨🇭🇺🇸', false],
    ['1️⃣', 'first 1⃣ then 2️⃣', true],
    ['1️⃣', 'only 1', false],
    ['👩‍💻', 'she 👩🏽‍💻 works', true],
    ['💻', 'she 👩🏽‍💻 works', true],
    ['👩‍💻', '👩 and 💻', false],
    ['❤', '❤️‍🔥', true],
    ['プロジェクト', 'プロジェクトX'.normalize('NFD'), true],
    ['プロジェクト'.normalize('NFD'), 'プロジェクトX', true],
    ['budget', 'the bud\u200bget', true],
    ['میخواهم', 'می\u200cخواهم', true],
    ['محمد', 'محـــمد', true],
    ['isik', 'IŞIK', true],
    ['5kg', '5㎏', true],
    ['kg', '5㎏', true],
    ['㎏', '5 kg', true],
    ['no', '№7', true],
    ['foo', 'Foo™', true],
    ['-rf', 'rm -rf build', true],
    ['-RF', 'rm −rf build', true],
    ['-rf', 'the rf signal', false],
    ['-la', 'la la la', false],
    ['la', 'ls -la', true],
    ['--amend', 'git commit —amend', true],
    ['--no-edit', 'commit --no-edit', true],
    ['-x', '`tar -x`', true],
    ['-9', 'kill -9', true],
    ['-9', '9 lives', false],
    ['-fi', 'wi-fi', false],
  ])('%s in %s: %s', (query, body, expected) => expect(finds(query, body)).toBe(expected));

  it('begin a word where asked to, and never with one letter', () => {
    expect(finds('pan', "Don't PANIC!", { prefix: true })).toBe(true);
    expect(finds('p', "Don't PANIC!", { prefix: true })).toBe(false);
  });

  it('any sign that folds to several is found beside a letter, as is the letter', () => {
    const missed: string[] = [];
    for (const [from, to] of [
      [0x20, 0x3400],
      [0xa000, 0xac00],
      [0xf900, 0x1_1f00],
      [0x1_d400, 0x1_fb00],
    ] as const)
      for (let code = from; code < to; code++) {
        const sign = String.fromCodePoint(code);
        if (!sign.isWellFormed() || fold(sign).length <= sign.length) continue;
        for (const text of [`a${sign}b`, `ꀀ${sign}`])
          for (const { from, to } of tokensOf(text)) {
            const piece = text.slice(from, to);
            if (termOf(piece) && !finds(piece, text, { phrase: true })) missed.push(`${piece} in ${text}`);
          }
      }
    expect(missed).toEqual([]);
  });

  it('a word that is cut where half of a sign would be left ends before it', () => {
    const sign = '\u{11099}';
    for (const before of ['', 'a'])
      for (const { text } of tokensOf(before + sign.repeat(60))) {
        expect(text).toMatch(/^a?\u{11099}+$/u);
        expect(text.length).toBeLessThanOrEqual(MAX_TOKEN);
      }
    expect(codesOf(`a1${'\u{11099}'.repeat(300)}`)).toMatch(/^a1\u{11099}{199}$/u);
    expect(codesOf(`a${'\u{11099}'.repeat(300)}1_b`)).toMatch(/^a\u{11099}{199}$/u);
  });

  it('any word of a text finds it, and any two of its characters where there are no spaces', () => {
    const body = fc.array(fc.oneof(fc.lorem({ maxCount: 1 }), fc.string({ unit: 'grapheme' })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(body, fc.nat(), (parts, pick) => {
        const text = parts.join(' ');
        const token = tokensOf(text)[pick % Math.max(1, tokensOf(text).length)];
        if (!token) return;
        const piece = text.slice(token.from, token.to);
        if (termOf(piece)) expect(finds(piece, text)).toBe(true);
        if (termOf(piece)) expect(finds(piece, text, { phrase: true })).toBe(true);
      }),
      {
        numRuns: 3_000,
        // Four words in one sign, before a letter of a script that no word of the four is of.
        examples: [[['ﷺꀀ', 'convallis'], 3]],
      },
    );
    const han = fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x4e20 }).map((n) => String.fromCharCode(n)),
    });
    fc.assert(
      fc.property(han, han, han, (before, asked, after) => {
        if (asked !== '') expect(finds(asked, before + asked + after)).toBe(true);
        expect(finds(asked, after)).toBe(asked !== '' && after.includes(asked));
      }),
      { numRuns: 2_000 },
    );
  });
});
