import { describe, expect, it, test } from 'vitest';
import { formatSearch, LIMITS, parseSearch } from '../src/index.ts';

const id = '0199b3c2-7a10-7000-8000-000000000001';
const read = (text: string) => {
  const { query, problems } = parseSearch(text);
  return { written: formatSearch(query), problems: problems.map(({ code }) => code) };
};

describe('what is typed, and what is understood', () => {
  test.each([
    ['wifi driver', 'wifi driver'],
    ['  wifi   driver ', 'wifi driver'],
    ['"no sound" -flash', '"no sound" -flash'],
    ['“no  sound”', '"no sound"'],
    ['“没有声音“', '"没有声音"'],
    ['「人工 智能」', '"人工 智能"'],
    ['-"no sound"', '-"no sound"'],
    ['from:@ann from:me', 'from:@ann from:me'],
    ['from：@安娜 你好', 'from:@安娜 你好'],
    ['FROM: @Ann hello', 'from:@Ann hello'],
    ['from:"Ann Lee" from:@"Ann Lee"', 'from:@"Ann Lee" from:@"Ann Lee"'],
    ['from:"me"', 'from:@"me"'],
    [`from:<@${id}> in:<#${id}> in:<@${id}>`, `from:<@${id}> in:<#${id}> in:<@${id}>`],
    ['in:#ubuntu -in:random in:@ann in:＃频道', 'in:#ubuntu -in:#random in:@ann in:#频道'],
    ['to:me mentions:me', 'to:me mentions:me'],
    ['before:2008-10-02 after:2007', 'before:2008-10-02 after:2007'],
    ['on:2008/1/2 during:2008.10', 'on:2008-01-02 during:2008-10'],
    ['during:last week x', 'during:last-week x'],
    ['during:"last week" during:oct during:October 2008', 'during:last-week during:october during:2008-10'],
    ['on:昨天 during:2008年10月 during:10月', 'on:yesterday during:2008-10 during:october'],
    ['has:link has:urls -has:edit has:image', 'has:link has:link -has:edit has:image'],
    ['is:unread is:dm', 'is:unread is:direct'],
    ['sort:best x sort:newest', 'x sort:newest'],
    ['dpkg --configure -a -好 -ab', 'dpkg --configure -a -好 -ab'],
    ['driv* 4.4.0-93 a_b.c C++', 'driv* 4.4.0-93 a_b.c C++'],
    ['http://example.org std::vector', 'http://example.org std::vector'],
  ])('%s', (text, written) => {
    expect(read(text)).toEqual({ written, problems: [] });
    expect(read(written)).toEqual({ written, problems: [] });
  });

  it('takes the last word for the beginning of one only while it is typed', () => {
    const last = (text: string, typing: boolean) => formatSearch(parseSearch(text, { typing }).query);
    expect(last('no soun', true)).toBe('no soun*');
    expect(last('no soun', false)).toBe('no soun');
    expect(last('no soun ', true)).toBe('no soun');
    expect(last('no -soun', true)).toBe('no -soun');
    expect(last('"no soun"', true)).toBe('"no soun"');
  });

  it('takes the flags of a command for words', () => {
    const { clauses } = parseSearch('dpkg --configure -a -ab -"x"').query;
    expect(clauses.map(({ not }) => not)).toEqual([false, false, false, true, true]);
  });

  it('says where each part stands', () => {
    const text = 'a  -from:"Ann Lee" b';
    expect(parseSearch(text).spans.map(([from, to]) => text.slice(from, to))).toEqual([
      'a',
      '-from:"Ann Lee"',
      'b',
    ]);
  });
});

describe('what is wrong is explained, and the rest still runs', () => {
  test.each([
    ['form:@ann x', 'form:@ann x', 'unknown_filter', 'from:@ann'],
    ['author:ann x', 'author:ann x', 'unknown_filter', 'from:ann'],
    ['from: x', 'x', 'empty_filter', null],
    ['x has:', 'x', 'empty_filter', null],
    ['has:lnik x', 'x', 'unknown_value', 'link'],
    ['is:red x', 'x', 'unknown_value', null],
    ['sort:bets x', 'x', 'unknown_value', 'best'],
    ['before:2008-02-30 x', 'x', 'bad_date', null],
    ['on:tomorow x', 'x', 'bad_date', null],
    ['!!! x', 'x', 'no_letters', null],
    ['- x', 'x', 'no_letters', null],
    ['x "no sound', 'x "no sound"', 'unclosed_quote', null],
  ])('%s', (text, written, code, suggestion) => {
    const { query, problems } = parseSearch(text);
    expect(formatSearch(query)).toBe(written);
    expect(problems.map((problem) => [problem.code, problem.suggestion])).toEqual([[code, suggestion]]);
    const [problem] = problems;
    expect(problem?.text).toBe(text.slice(problem?.from, problem?.to));
  });

  it('leaves out what is too much', () => {
    const many = parseSearch('a '.repeat(LIMITS.searchClauses + 1));
    expect(many.query.clauses).toHaveLength(LIMITS.searchClauses);
    expect(many.problems.map(({ code }) => code)).toEqual(['too_long']);
    const long = parseSearch(`${'x'.repeat(LIMITS.searchText - 2)} 😀 y`);
    expect(long.query.clauses).toHaveLength(1);
    expect(long.problems.map(({ code }) => code)).toContain('too_long');
  });

  it('does not take other words with a colon for filters', () => {
    expect(parseSearch('error:404 note:this re:hello').problems).toEqual([]);
  });
});
