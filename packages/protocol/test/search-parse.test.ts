import { describe, expect, it, test } from 'vitest';
import { formatSearch, hasNameWords, LIMITS, parseSearch } from '../src/index.ts';

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
    ['dpkg --configure -a -好 -abc', 'dpkg --configure -a -好 -abc'],
    ['on:may 7 2013 x', 'on:2013-05-07 x'],
    ['on:7 May 2013 x', 'on:2013-05-07 x'],
    ['on:May 7, 2013 after:2013 may 7', 'on:2013-05-07 after:2013-05-07'],
    ['before:7th of may 2013 during:oct, 2008', 'before:2013-05-07 during:2008-10'],
    ['on:7-may-2013 on:may 7 x', 'on:2013-05-07 on:may-07 x'],
    ['on:2013 年 5 月 7 日 on:5月7日 on:2013年5月7号', 'on:2013-05-07 on:may-07 on:2013-05-07'],
    ['during:last year 2013 during:this month', 'during:last-year 2013 during:this-month'],
    ['from:「Ann "Bee" Lee」 in:"x"', 'from:@「Ann "Bee" Lee」 in:#"x"'],
    ['mentions：『“」』 in:『a」"b』', 'mentions:@『“」』 in:#『a」"b』'],
    ['from:"Ann" lee', 'from:@"Ann" lee'],
    ['"no sound"-flash', '"no sound" flash'],
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
    expect(last('x "no soun', true)).toBe('x "no soun*"');
    expect(last('x “no soun', true)).toBe('x "no soun*"');
    expect(last('x "no soun', false)).toBe('x "no soun"');
    expect(last('"no soun ', true)).toBe('"no soun"');
    expect(last('"no soun*"', false)).toBe('"no soun*"');
  });

  it('takes the flags of a command for words', () => {
    const { clauses } = parseSearch('dpkg --configure -a -abc -"x"').query;
    expect(clauses.map(({ not }) => not)).toEqual([false, false, false, true, true]);
  });

  test.each([
    ['rm -rf build', ''],
    ['ls -la', ''],
    ['gcc -Wall -O2 -std=c99 main.c', ''],
    ['tar -xzf a.tar', ''],
    ['sudo tar -czvf a.tgz b', ''],
    ['git commit --amend -m x', ''],
    ['find . -name x -type f', ''],
    ['java -version', ''],
    ['ps -aux', ''],
    ['sudo dpkg-reconfigure -phigh xserver-xorg', ''],
    ['fuser -vki /var', ''],
    ['glxgears -printfps', ''],
    ['kill -9 -TERM', ''],
    ['head -100 error -404', ''],
    ['Get-ChildItem -Recurse', ''],
    ['/bin/rm -rfv x', ''],
    ['—configure', ''],
    ['rm −rf', ''],
    ['meeting -cancelled', 'cancelled'],
    ['git -github', 'github'],
    ['"battery life" -mac -macbook', 'mac macbook'],
    ['convert -pdf', 'pdf'],
    ['npm -yarn', 'yarn'],
    ['tar -zip', 'zip'],
    ['python -django', 'django'],
    ['-windows linux', 'windows'],
    ['trip -🇨🇭', '🇨🇭'],
    ['rm -"rf"', 'rf'],
    ['-rf*', 'rf'],
    ['会议 -取消', '取消'],
    ['fun -👎', '👎'],
    ['well-known wi-fi', ''],
    ['a - b', ''],
  ])('%s negates %s', (text, negated) => {
    const { clauses } = parseSearch(text).query;
    const texts = clauses.flatMap((one) => (one.not && 'text' in one ? [one.text] : []));
    expect(texts.join(' ')).toBe(negated);
  });

  it('reads a name on as long as somebody is called so', () => {
    const people = ['Ann', 'Ann Lee', 'Ann Lee Smith', 'Ann "Bee" Ray', 'Marie-Anne Roux', '李 雷'];
    const titles = ['Café Zürich', 'Zürich'];
    const names = {
      isPerson: (name: string) => people.some((one) => hasNameWords(one, name)),
      isTitle: (name: string) => titles.some((one) => hasNameWords(one, name)),
    };
    const read = (text: string) => formatSearch(parseSearch(text, { names }).query);
    expect(read('from:@Ann Lee qwx')).toBe('from:@"Ann Lee" qwx');
    expect(read('from:ann  LEE smith qwx')).toBe('from:@"ann LEE smith" qwx');
    expect(read('from:lee smith x')).toBe('from:@"lee smith" x');
    expect(read('from:ann lemon')).toBe('from:@ann lemon');
    expect(read('from:"ann" lee')).toBe('from:@"ann" lee');
    expect(read('from:ann from:lee smith')).toBe('from:@ann from:@"lee smith"');
    expect(read('from:ann -lee')).toBe('from:@ann -lee');
    expect(read('-from:ann "bee" ray x')).toBe('-from:@「ann "bee" ray」 x');
    expect(read('in:@李 雷 你好')).toBe('in:@"李 雷" 你好');
    expect(read('in:cafe zurich x in:zurich y')).toBe('in:#"cafe zurich" x in:#zurich y');
    expect(read('to:me lee')).toBe('to:me lee');
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

  it('leaves out what exceeds the limits', () => {
    const many = parseSearch('a '.repeat(LIMITS.searchClauses + 1));
    expect(many.query.clauses).toHaveLength(LIMITS.searchClauses);
    expect(many.problems.map(({ code }) => code)).toEqual(['too_long']);
    const long = parseSearch(`${'x'.repeat(LIMITS.searchText - 2)} 😀 y`);
    expect(long.query.clauses).toHaveLength(1);
    expect(long.problems.map(({ code }) => code)).toContain('too_long');
  });

  it.each([
    ...[
      ['has:links', 'link'],
      ['has:url', 'link'],
      ['has:urls', 'link'],
      ['has:mentions', 'mention'],
    ],
    ...[
      ['has:edits', 'edit'],
      ['has:edited', 'edit'],
      ['has:files', 'file'],
      ['has:images', 'image'],
    ],
    ...[
      ['has:reactions', 'reaction'],
      ['sort:new', 'newest'],
      ['sort:latest', 'newest'],
      ['sort:relevance', 'best'],
    ],
    ['is:dm', 'direct'],
  ])('takes %s for %s', (typed = '', value = '') => {
    const [written, plain] = [typed, typed.replace(/:.*/, `:${value}`)].map((text) => parseSearch(text));
    expect(written?.query).toEqual(plain?.query);
    expect(written?.problems).toEqual([]);
  });

  it.each([
    ...[
      ['by', 'from'],
      ['author', 'from'],
      ['sender', 'from'],
      ['user', 'from'],
      ['channel', 'in'],
      ['room', 'in'],
    ],
    ...[
      ['mention', 'mentions'],
      ['since', 'after'],
      ['until', 'before'],
      ['date', 'on'],
      ['order', 'sort'],
    ],
    ['contains', 'has'],
  ])('offers %s for %s, as people write elsewhere', (typed = '', meant = '') =>
    expect(parseSearch(`${typed}:2008`).problems).toMatchObject([
      { code: 'unknown_filter', suggestion: `${meant}:2008` },
    ]),
  );

  it('does not take other words with a colon for filters', () => {
    expect(parseSearch('error:404 note:this re:hello').problems).toEqual([]);
  });
});
