import { hostileTexts } from '@lockstep/testing/fuzz/hostile';
import { describe, expect, test } from 'vitest';
import { copyOf, previewOf } from '../../lib/reading.ts';
import { excerptOf } from '../../lib/search/excerpt.ts';

describe('the line of a message in a list', () => {
  test.each([
    [
      '**bold** and *thin* and __bold words__ and _thin_ and ~~gone~~',
      'bold and thin and bold words and thin and gone',
    ],
    ['see [the manual](https://example.org/a_b_c) and `npm *run* x`', 'see the manual and npm *run* x'],
    ['```sh\nrm **/*.log\n```\ndone', 'rm **/*.log done'],
    ['# Title\n> quoted\n- one\n2. two', 'Title > quoted - one 2. two'],
    ['snake_case_name, 2 * 3 * 4, a*b*c, __init__', 'snake_case_name, 2 * 3 * 4, a*b*c, __init__'],
    ['不要**这样**写', '不要这样写'],
    ['- [ ] open **and', '- [ ] open **and'],
    ['a\n\n  b   c', 'a b c'],
  ])('%s', (text, plain) => expect(previewOf(text)).toBe(plain));

  test('is short, of whatever it is made', () => {
    for (const { text } of hostileTexts()) expect(previewOf(text).length).toBeLessThanOrEqual(300);
  });
});

test('a copy has the addresses of links', () => {
  expect(copyOf('see [**the** manual](https://a.example) now\n- **a**')).toBe(
    'see the manual (https://a.example) now\n- a',
  );
});

describe('an excerpt', () => {
  const marked = (body: string, ...words: string[]) => {
    const spans = words.map((word): [number, number] => {
      const at = body.indexOf(word);
      return [at, at + word.length];
    });
    const { text, marks } = excerptOf(body, spans, () => 'Ann');
    return { text, marked: marks.map(([from, to]) => text.slice(from, to)) };
  };

  test('marks the same words when signs before, in and behind them are left out', () => {
    expect(marked('the **lantern** is `on`, _really_', 'lantern', 'on', 'really')).toEqual({
      text: 'the lantern is on, really',
      marked: ['lantern', 'on', 'really'],
    });
    // A phrase over signs is one mark.
    expect(marked('there is no **sound** here', 'no **sound')).toEqual({
      text: 'there is no sound here',
      marked: ['no sound'],
    });
  });

  test('marks that touch are two, those that overlap are one', () => {
    const marksOf = (...marks: [number, number][]) => excerptOf('abcdefgh', marks, () => '').marks;
    expect(marksOf([0, 3], [3, 6])).toEqual([
      [0, 3],
      [3, 6],
    ]);
    expect(marksOf([3, 6], [0, 4])).toEqual([[0, 6]]);
    expect(marksOf([0, 6], [2, 4], [7, 8])).toEqual([
      [0, 6],
      [7, 8],
    ]);
  });

  test('what was kept from being a mention is shown as it was written', () => {
    const id = '00000000-0000-7000-8000-00000000000a';
    expect(marked(`\\<@${id}> the lantern`, 'lantern')).toEqual({
      text: `<@${id}> the lantern`,
      marked: ['lantern'],
    });
  });

  test('begins at a word, and with the text where that is no longer than an excerpt', () => {
    const whole = `${'word '.repeat(46)}the lantern`.slice(0, 240);
    expect(excerptOf(whole.padEnd(240, '.'), [[234, 238]], () => '').text).toBe(whole.padEnd(240, '.'));
    const middle = `${'a'.repeat(140)} ${'b'.repeat(59)}lantern${' c'.repeat(150)}`;
    expect(excerptOf(middle, [[200, 207]], () => '').text).toMatch(/^…b{59}lantern/);
  });

  test('shows the address of a link where that was found', () => {
    expect(marked('see [the manual](https://example.org/lantern)', 'lantern')).toEqual({
      text: 'see the manual (https://example.org/lantern)',
      marked: ['lantern'],
    });
    expect(marked('see [the manual](https://example.org/lantern)', 'manual')).toEqual({
      text: 'see the manual',
      marked: ['manual'],
    });
  });

  test('writes mentions with names, and stays a line around the first mark', () => {
    const id = '00000000-0000-7000-8000-00000000000a';
    expect(marked(`**<@${id}>** the lantern`, 'lantern')).toEqual({
      text: '@Ann the lantern',
      marked: ['lantern'],
    });
    const long = marked(
      `${'rope and **tar** '.repeat(60)}the lantern ${'of the *ship* '.repeat(60)}`,
      'lantern',
    );
    expect(long.marked).toEqual(['lantern']);
    expect(long.text.length).toBeLessThan(250);
    expect(long.text).not.toContain('*');
    expect(long.text).toMatch(/^…rope.*ship.*…$/);
  });
});
