import { describe, expect, test } from 'vitest';
import { withoutMarkup } from '../../lib/markup.ts';
import { excerptOf } from '../../lib/search/excerpt.ts';

describe('a text without the signs of markdown', () => {
  test.each([
    ['**bold** and *thin* and __bold__ and _thin_ and ~~gone~~', 'bold and thin and bold and thin and gone'],
    ['**bold with *thin* in it**', 'bold with thin in it'],
    [
      'see [the manual](https://example.org/a_b_c) and ![a picture](x.png "title")',
      'see the manual and a picture',
    ],
    ['`npm *run* x` and ``a ` b``', 'npm *run* x and a ` b'],
    ['```sh\nrm **/*.log\n```\ndone', 'rm **/*.log\n\ndone'],
    ['# Title\n> quoted\n- one\n2. two', 'Title\nquoted\none\ntwo'],
    ['snake_case_name, 2 * 3 * 4, a*b*c, __init__x', 'snake_case_name, 2 * 3 * 4, a*b*c, __init__x'],
    ['不要**这样**写', '不要这样写'],
    ['- [ ] open **and', '[ ] open **and'],
  ])('%s', (text, plain) => expect(withoutMarkup(text)).toBe(plain));
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

  test('shows the address of a link where that was found', () => {
    expect(marked('see [the manual](https://example.org/lantern)', 'lantern')).toEqual({
      text: 'see the manual(https://example.org/lantern)',
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
