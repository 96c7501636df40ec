import { expect, test } from 'vitest';
import { marksOf, type Term, Text, termOf, traitsOf } from '../../src/text/index.ts';

const term = (query: string, phrase = false): Term => termOf(query, { phrase }) as Term;
const finds = (body: string, query: string, phrase = false) => new Text(body).has(term(query, phrase));

test.each([
  ['请看**第三**页', '第三页'],
  ['see [the guide](https://a.example/manual) first', 'guide first'],
  ['**over**flow is ~~not~~ here', 'is not here'],
  ['> quoted **words**\nand more', 'quoted words and'],
  ['in*fin*ite', 'infinite'],
  ['in*fin*ite', 'in*fin*ite'],
  ['AT&amp;T', 'AT&T'],
  ['AT&T', 'AT&amp;T'],
  ['a &lt;b&gt; c', '<b>'],
  ['see [the guide](https://a.example/manual) first', 'a.example/manual'],
  ['see [the guide](https://a.example/manual) first', 'manual'],
  ['**linux-4.4.0-93**', '.4.0-9'],
  ['\\*not thin\\*', 'not thin'],
  ['```\nlet total = 1;\n```', 'let total'],
])('%j is found by what it reads as: %j', (body, query) => {
  expect(finds(body, query)).toBe(true);
});

test('words of an address do not follow those of the text', () => {
  expect(finds('see [the guide](https://a.example) first', 'first https', true)).toBe(false);
  expect(finds('see [the guide](https://a.example) first', 'the guide first', true)).toBe(true);
});

test('marks stand where it was typed', () => {
  const marked = (body: string, query: string) =>
    marksOf(body, [term(query, true)]).map(([from, to]) => body.slice(from, to));
  expect(marked('请看**第三**页', '第三页')).toEqual(['第三**页']);
  expect(marked('see [the guide](https://a.example) first', 'guide first')).toEqual(['guide', 'first']);
  expect(marked('AT&amp;T is', 'is')).toEqual(['is']);
});

test.each(['~~~\nx\n~~~', '    int x = 1;', '`x`', 'def f():\n    return 1'])('has:code finds %j', (body) =>
  expect(traitsOf(body, false)).toContain('code'),
);
test.each(['don`t', '~~gone~~', 'a\n  b'])('has:code does not find %j', (body) =>
  expect(traitsOf(body, false)).not.toContain('code'),
);
