import { readingOf } from '@lockstep/protocol/markup';
import { describe, expect, it } from 'vitest';
import type { Replacement } from '../../components/conversation/composer/field.ts';
import {
  insertLink,
  outgoing,
  toggleCode,
  togglePrefix,
} from '../../components/conversation/composer/format.ts';
import { toggleMark } from '../../components/conversation/composer/toggle-mark.ts';
import { codeIn, withFences } from '../../components/conversation/composer/use-code-offer.ts';

/** `a|b|c` is the text abc with b selected; one bar is the caret. */
const field = (marked: string) => {
  const start = marked.indexOf('|');
  const end = marked.lastIndexOf('|');
  return { text: marked.replaceAll('|', ''), start, end: end === start ? start : end - 1 };
};
const result = (marked: string, change: (f: ReturnType<typeof field>) => Replacement): string => {
  const before = field(marked);
  const { from, to, insert, start, end } = change(before);
  const text = before.text.slice(0, from) + insert + before.text.slice(to);
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;
};

describe('formats', () => {
  it.each([
    ['a |b| c', 'a **|b|** c'],
    ['a **|b|** c', 'a |b| c'],
    ['a |**b**| c', 'a |b| c'],
    ['a |', 'a **|**'],
  ])('bold: %j', (before, after) => expect(result(before, (f) => toggleMark(f, '**'))).toBe(after));

  it.each([
    // Spaces stay outside
    ['|hello |now', '**|hello|** now'],
    ['| hello|', ' **|hello|**'],
    ['|注意：|明天', '**|注意：|**明天'],
    ['请看|第三|页', '请看**|第三|**页'],
    // Line by line, behind what makes a list or a quote of it
    ['|one\n\ntwo|', '**|one**\n\n**two|**'],
    ['|- one\n- two|', '- **|one**\n- **two|**'],
    ['|> one\n1. two |x', '> **|one**\n1. **two|** x'],
    ['|**one**\n**two**|', '|one\ntwo|'],
    ['**|one|**', '|one|'],
    // Where it cannot begin inside of a word: the word
    ['in|fin|ite', '**|infinite|**'],
    ['(in|fin|ite) x', '(**|infinite|**) x'],
    ['infi|nite', '**|infinite|**'],
    ['pkg/|init|.py', '**|pkg/init.py|**'],
    ['|hello|', '**|hello|**'],
    ['don’|t', '**|don’t|**'],
    ['un|"x"|', '**|un"x"|**'],
    ['|one\n|two', '**|one|**\ntwo'],
    // Behind a box, a number or the sign of a heading, and behind several of these
    ['|- [ ] one|', '- [ ] **|one|**'],
    ['|> - one|', '> - **|one|**'],
    ['|1) one|', '1) **|one|**'],
    ['|# Title|', '# **|Title|**'],
    // Lines that have it already stay as they are, and lose it once all have it
    ['|**one**\ntwo|', '|**one**\n**two|**'],
    ['**|one|** **two**', '|one| **two**'],
    // At the ends of a word, and where nothing is selected but spaces, there is no word to mark
    ['|word', '**|**word'],
    ['word|', 'word**|**'],
    ['|  |', '**|  |**'],
    ['> |', '> **|**'],
    // Where nothing can be bold it is written all the same: whoever presses the key sees that something happened
    ['`a |b| c`', '`a **|b|** c`'],
    ['|****|', '**|****|**'],
  ])('bold so that it formats: %j', (before, after) =>
    expect(result(before, (f) => toggleMark(f, '**'))).toBe(after),
  );

  it.each([
    ['in|fin|ite', '_|infinite|_'],
    ['这是|重点|内容', '这是*|重点|*内容'],
    ['a |b| c', 'a _|b|_ c'],
    ['a *|b|* c', 'a |b| c'],
    ['a **|b|** c', 'a **_|b|_** c'],
    ['|one\ntwo|', '_|one_\n_two|_'],
    ['_|b|_', '|b|'],
    ['|_b_|', '|b|'],
    ['|*b*|', '|b|'],
    ['|**b**|', '_|**b**|_'],
    ['***|b|***', '***_|b|_***'],
  ])('italic so that it formats: %j', (before, after) =>
    expect(result(before, (f) => toggleMark(f, '_'))).toBe(after),
  );

  it.each([
    ['a |b| c', 'a ~~|b|~~ c'],
    ['wo|r|d', '~~|word|~~'],
    ['a ~~|b|~~ c', 'a |b| c'],
    ['|~~b~~|', '|b|'],
  ])('struck through: %j', (before, after) => expect(result(before, (f) => toggleMark(f, '~~'))).toBe(after));

  it('what a button has marked is shown so, wherever it stood', () => {
    const texts = [
      'hello now',
      '注意：明天放假',
      'a (b) "c", d.',
      'one\n\ntwo\n- three\n> four',
      'x_1 + y_2',
      '见https://a.example/x，谢谢',
      '  a  b  ',
    ];
    for (const text of texts)
      for (let start = 0; start < text.length; start++)
        for (let end = start + 1; end <= text.length; end++) {
          if (!/[\p{L}]/u.test(text.slice(start, end))) continue;
          const { from, to, insert } = toggleMark({ text, start, end }, '**');
          const marked = text.slice(0, from) + insert + text.slice(to);
          expect(readingOf(marked).text, `${JSON.stringify(text)} ${start} to ${end}: ${marked}`).toBe(text);
        }
  });

  it.each([
    ['|a\nb|', '> |a\n> b|'],
    ['x\n|a|\ny', 'x\n> |a|\ny'],
    ['|> a\n> b|', '|a\nb|'],
    ['|', '> |'],
    ['a|b', '> a|b'],
    ['> |a', '|a'],
    ['x\n|a\nb|c\ny', 'x\n> |a\n> b|c\ny'],
    ['a\n|\nb', 'a\n> |\nb'],
    ['|> a\nb|', '> |> a\n> b|'],
    ['> a\n|> b|', '> a\n|b|'],
  ])('quote: %j', (before, after) => expect(result(before, (f) => togglePrefix(f, '> '))).toBe(after));

  it.each([
    ['|a|', '`|a|`'],
    ['|a ` b|', '`` |a ` b| ``'],
    ['|a\n```\nb|', '````\n|a\n```\nb|\n````'],
    ['x |a\nb| y', 'x \n```\n|a\nb|\n```\n y'],
    ['x\n|a\nb|\ny', 'x\n```\n|a\nb|\n```\ny'],
    ['|a\nb|', '```\n|a\nb|\n```'],
    ['|a\nb\n|c', '```\n|a\nb|\n```\nc'],
    ['|a``\nb|', '```\n|a``\nb|\n```'],
    ['|a `` b|', '``` |a `` b| ```'],
    ['`|a|`', '|a|'],
    ['|`a`|', '|a|'],
    ['|', '`|`'],
  ])('code: %j', (before, after) => expect(result(before, toggleCode)).toBe(after));

  it.each([
    ['see |docs|', 'see [docs](|https://|)'],
    ['see |https://a.example|', 'see [|](https://a.example)'],
    ['|', '[|](https://)'],
    ['see |HTTP://a.example|', 'see [|](HTTP://a.example)'],
    ['|see https://a.example|', '[see https://a.example](|https://|)'],
    ['|https://a b|', '[https://a b](|https://|)'],
    ['a|b|c', 'a[b](|https://|)c'],
  ])('link: %j', (before, after) => expect(result(before, insertLink)).toBe(after));
});

describe('what is sent', () => {
  it('has nothing that the server refuses', () => {
    expect(outgoing('a\u0000b\r\nc  \n')).toBe('ab\nc');
    expect(outgoing('x\ud800y\udc00z')).toBe('x\ufffdy\ufffdz');
    expect(outgoing('👍')).toBe('👍');
    expect(outgoing('a\rb\r\n\nc')).toBe('a\nb\n\nc');
    expect([outgoing('a\ud800'), outgoing('\udc00a'), outgoing('\u0000')]).toEqual([
      'a\ufffd',
      '\ufffda',
      '',
    ]);
    expect(outgoing(' a \n\t')).toBe(' a');
  });
});

describe('code that is pasted', () => {
  const field = (text: string, at: number) => ({ text, start: at, end: at });
  it('can be put between fences, where it stands', () => {
    const code = 'def f():\n    return 1';
    const pasted = codeIn(field('see ', 4), code);
    expect(pasted).toEqual({ at: 4, text: code });
    const text = `see ${code} ok`;
    const { from, to, insert } = withFences(field(text, 0), { at: 4, text: code });
    expect(text.slice(0, from) + insert + text.slice(to)).toBe(`see \n\`\`\`\n${code}\n\`\`\`\n ok`);
    expect(codeIn(field('', 0), '{\r\n  "a": 1\r\n}\r\n')?.text).toBe('{\n  "a": 1\n}');
  });
  it.each(['hello', 'one line;', 'two lines\nof words', '```\nf();\n```'])('is not seen in %j', (text) =>
    expect(codeIn(field('', 0), text)).toBeNull(),
  );
  it('is not offered inside of a fence', () => {
    expect(codeIn(field('```\n', 4), 'a();\nb();')).toBeNull();
  });
});
