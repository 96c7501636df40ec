import { describe, expect, it } from 'vitest';
import { hasCode, readingOf } from '../../src/markup/index.ts';

describe('what a text reads as', () => {
  it.each([
    ['请看**第三**页', '请看第三页'],
    ['see [the guide](https://a.example/g) first', 'see the guide first'],
    ['**a** _b_ ~~c~~ `d *e*`', 'a b c d *e*'],
    [
      '# Title\n> quoted\n> more\n- one\n  - two\n2. three',
      'Title\n> quoted\n> more\n- one\n  - two\n2. three',
    ],
    ['- [x] done', '- [x] done'],
    ['```sh\nrm **/*.log\n```\ndone', 'rm **/*.log\ndone'],
    ['|a|b|\n|-|-|\n|**c**|d|', 'a | b\nc | d'],
    ['2*3*4, a_b_c, \\srv', '2*3*4, a_b_c, \\srv'],
    ['a\n\n\nb', 'a\n\n\nb'],
    ['\\*a\\*', '*a*'],
    ['AT&amp;T', 'AT&amp;T'],
  ])('%j', (text, read) => expect(readingOf(text).text).toBe(read));

  it('gives the addresses of links where they are wanted', () => {
    const text = 'see [the **guide**](https://a.example/g) first';
    expect(readingOf(text, { addresses: 'behind' }).text).toBe('see the guide (https://a.example/g) first');
    expect(readingOf(text, { addresses: 'last' }).text).toBe('see the guide first\nhttps://a.example/g');
  });

  it('reads entities as what they stand for, where a search looks', () => {
    const reading = readingOf('x AT&amp;T &lt;b&gt;', { entities: true });
    expect(reading.text).toBe('x AT&T <b>');
    expect(reading.typed(2, 6)).toEqual([2, 10]);
    expect(reading.read(2, 10)).toEqual([[2, 6]]);
  });

  it.each([
    ['&amp; **&lt;** &gt;', '& < >'],
    ['- a &amp;\n- b &lt;\n- c', '- a &\n- b <\n- c'],
    ['> one &amp;\n> two &gt;', '> one &\n> two >'],
    ['`&amp;` and &amp;', '& and &'],
  ])('reads each entity once, in the piece of %j that it stands in', (text, read) =>
    expect(readingOf(text, { entities: true }).text).toBe(read),
  );

  it('knows where a stretch was typed, over signs that are left out', () => {
    const text = '请看**第三**页';
    const reading = readingOf(text);
    const at = reading.text.indexOf('第三页');
    expect(text.slice(...reading.typed(at, at + 3))).toBe('第三**页');
    expect(reading.read(...reading.typed(at, at + 3))).toEqual([[at, at + 3]]);
  });
});

describe('code in a text', () => {
  it.each([
    ...[
      '|a|b|\n|-|-|\n|c|`d`|',
      '|`a`|b|\n|-|-|\n|c|d|',
      '`x`',
      'a ```b``` c',
      '```\nx\n```',
      '~~~\nx\n~~~',
      '    int x = 1;',
      'see\n\n\tmake all',
      '> `x`',
      '- a\n  ```\n  x\n  ```',
    ],
    'def f():\n    return 1',
    '{\n  "a": 1\n}',
  ])('%j has some', (text) => expect(hasCode(text)).toBe(true));
  it.each(['', 'a', 'don`t', '~~a~~', 'a\nb', 'a\n  b', '- a\n- b', '~~~\nx', '``'])('%j has none', (text) =>
    expect(hasCode(text)).toBe(false),
  );
});
