import { describe, expect, it } from 'vitest';
import {
  insertLink,
  outgoing,
  type Replacement,
  toggleCode,
  toggleMark,
  togglePrefix,
} from '../../components/conversation/composer/format.ts';

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
    ['|a\nb|', '> |a\n> b|'],
    ['x\n|a|\ny', 'x\n> |a|\ny'],
    ['|> a\n> b|', '|a\nb|'],
  ])('quote: %j', (before, after) => expect(result(before, (f) => togglePrefix(f, '> '))).toBe(after));

  it.each([
    ['|a|', '`|a|`'],
    ['x |a\nb| y', 'x \n```\n|a\nb|\n```\n y'],
  ])('code: %j', (before, after) => expect(result(before, toggleCode)).toBe(after));

  it.each([
    ['see |docs|', 'see [docs](|https://|)'],
    ['see |https://a.example|', 'see [|](https://a.example)'],
    ['|', '[|](https://)'],
  ])('link: %j', (before, after) => expect(result(before, insertLink)).toBe(after));
});

describe('what is sent', () => {
  it('has nothing that the server refuses', () => {
    expect(outgoing('a\u0000b\r\nc  \n')).toBe('ab\nc');
    expect(outgoing('x\ud800y\udc00z')).toBe('x\ufffdy\ufffdz');
    expect(outgoing('👍')).toBe('👍');
  });
});
