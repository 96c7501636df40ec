import { describe, expect, it } from 'vitest';
import { show } from './show.ts';

const ANN = '0192d3a0-0000-7000-8000-00000000a000';

/** Texts that stay as they were typed, to the last space. */
const AS_TYPED: Record<string, string[]> = {
  'what documents have and a chat has not': [
    '[12:03]: done',
    '[^1]: note',
    'see [^1]',
    '[1]: https2',
    '&nbsp;',
    'AT&amp;T &lt;b&gt; &#38;',
    'vector<std::string> and Box<dyn::Any>',
    'a <b>c</b> <!-- d --> <br>',
    '<tel:+1> <urn:x>',
    'Title\n=====\ntext',
    'Title\n---\ntext',
    '    four spaces\n\ttab',
    'two spaces  \nat the end',
    'a\\\nb',
  ],
  'what would leave nothing to see': [
    ...[
      '#',
      '##',
      '>',
      '> ',
      '-',
      '- ',
      '*',
      '1.',
      '1. ',
      '```',
      '```js',
      '```\n```',
      '~~~',
      '---',
      '***',
      '___',
    ],
    ...[
      '**',
      '****',
      '** **',
      '__',
      '~~~~',
      '``',
      '` `',
      '[]()',
      '![]()',
      '|',
      '||',
      '|-|',
      '\\',
      '> >',
      '- -',
      '* * *',
    ],
    ...['**\u200b**', '[\u200b](https2)', '# \u200b', '> \u200b', '- \u200b'],
  ],
  'expressions, paths and names': [
    ...[
      '2*3*4 = 24',
      'a*b*c',
      'x_1 + y_2',
      '2 * 3 * 4',
      '2 *3* 4',
      '*3*',
      '**/*.ts and **/*.js',
      '*.js *.ts',
      'rm *.o *.a',
    ],
    ...[
      'see pkg.__init__.py and path/_build_/out',
      '__init__',
      '__init__ and __main__',
      '_private_name_',
      'a_b_c',
      'f(*args, **kwargs)',
    ],
    ...[
      'f(*args) + g(*args)',
      'char *p, *q;',
      '"*" and "*"',
      "'*' or '*'",
      '5* hotels and 4* hotels',
      '$x_1$ and $y_2$',
      '~5 and ~6',
      '~a~',
    ],
    ...[
      '\\\\srv\\share',
      'C:\\*.txt',
      'C:\\_build_\\x',
      '\\d+\\w*',
      'a\\b',
      '\\alpha_\\beta',
      'a\\',
      '\\',
      '\\a \\1 \\ ',
    ],
    ...['/* a */ b /* c */', '/**/', '* * * * * /usr/bin/x', '*/5 * * * *', 'i*j*k*', 'end of * line'],
    ...[
      '报告_最终_版本.docx',
      '面积=长*宽*高',
      'src/**/a/**/b',
      '**/node_modules/**',
      '{**/a,**/b}',
      'x**2 + y**2',
      '2**3**4',
      'in*fin*ite',
    ],
    ...[
      'don`t and can`t',
      'a>b and c<d',
      '>words',
      '>>> x = 1',
      '>_< and >.<',
      '5 > 3',
      '-5',
      '+5',
      '1.5',
      '1984.',
      '#tag',
      '#!x',
      'a|b',
      'a || b',
    ],
    ...[
      'English **bold**text',
      'te**x**t',
      'a~~b~~c',
      '-- \nAnn',
      'a - b',
      '– dash',
      '+ one\n+ two',
      '•  one',
    ],
  ],
  'links that lead nowhere, or elsewhere than they say': [
    ...[
      '[plan](file:///srv/plan.odt)',
      '[guide](docs/guide.md)',
      '[x](#top)',
      '[x](/c/1)',
      '[x](//evil.example)',
      '[x]()',
      '[x]( )',
      '[x] (y)',
    ],
    ...[
      '[x](javascript:alert(1))',
      '[x](data:text/html,x)',
      '[x](tel:1)',
      '[call](sip:a)',
      '[x][y]',
      '[x]',
      '![x](y.png)',
      '[a](b "c")',
    ],
  ],
  'spaces and indents': [
    'name    size\n  a.txt   12 *',
    '  indented',
    'a\n\n\n\nb',
    '\n\nbelow',
    'a\tb',
    '\u3000\u3000中文',
  ],
};

describe('stays as it was typed', () => {
  for (const [kind, texts] of Object.entries(AS_TYPED))
    describe(kind, () => it.each(texts)('%j', (text) => expect(show(text)).toBe(text)));
});

describe('words', () => {
  it.each([
    ['**b** __two words__ *i* _i_ ~~s~~ `c`', '<b>b</b> <b>two words</b> <i>i</i> <i>i</i> <s>s</s> {c}'],
    ['**_a_** ~~**b**~~ 大**~~c~~**大', '<b><i>a</i></b> <s><b>b</b></s> 大<b><s>c</s></b>大'],
    ['***both*** ***x** y* **x *y***', '<b><i>both</i></b> <i><b>x</b> y</i> <b>x <i>y</i></b>'],
    [
      '**a**, (**b**) "**c**" **d**. **e**?! **f**: **g**…',
      '<b>a</b>, (<b>b</b>) "<b>c</b>" <b>d</b>. <b>e</b>?! <b>f</b>: <b>g</b>…',
    ],
    ['**a _b** c_ ~~a **b~~ c**', '<b>a _b</b> c_ <s>a **b</s> c**'],
    ['**over\ntwo lines**', '<b>over\ntwo lines</b>'],
    ['**not over\n\nempty lines**', '**not over\n\nempty lines**'],
    [
      '**"quoted"** (*x*) “*y*” 🎉**z**🎉 —**w**—',
      '<b>"quoted"</b> (<i>x</i>) “<i>y</i>” 🎉<b>z</b>🎉 —<b>w</b>—',
    ],
    ['**.env** and **2*3 = 6** and **42**', '<b>.env</b> and <b>2*3 = 6</b> and <b>42</b>'],
    // Chinese, Japanese and Korean
    ['**注意：**明天放假', '<b>注意：</b>明天放假'],
    ['请看**「第三页」**的图', '请看<b>「第三页」</b>的图'],
    ['请看**第三**页，*斜体*文字', '请看<b>第三</b>页，<i>斜体</i>文字'],
    ['使用**React**框架，用React**组件**库', '使用<b>React</b>框架，用React<b>组件</b>库'],
    ['注意:**明天**放假。“**引用**”~~删除~~的', '注意:<b>明天</b>放假。“<b>引用</b>”<s>删除</s>的'],
    ['**굵게**는 **太字**です **ตัวหนา**ครับ', '<b>굵게</b>는 <b>太字</b>です <b>ตัวหนา</b>ครับ'],
    ['**（一）**和**《书》**的', '<b>（一）</b>和<b>《书》</b>的'],
    // Code
    ['`a *b*` ``a ` b`` `` `c` `` `` ` ``', '{a *b*} {a ` b} {`c`} {`}'],
    ['`*`a`*`', '{*}a`*`'],
    ['`not over\nlines` but ```these\ndo```', '`not over\nlines` but {these\ndo}'],
    ['a **b `c** d` e**', 'a <b>b {c** d} e</b>'],
    // Links
    [
      '[words](https://a.example/x) [**b**](mailto:a@b.example)',
      '[words](https://a.example/x) [<b>b</b>](mailto:a@b.example)',
    ],
    [
      '[a [b](https://a.example) c](https://b.example)',
      '[a [b](https://a.example/) c]([https://b.example]())',
    ],
    ['![cat](https://a.example/cat.png)', '[cat](https://a.example/cat.png)'],
    ['[https://bank.example](https://evil.example)', '[[https://bank.example]()]([https://evil.example]())'],
    [
      '[bank.com](https://evil.example) [www.a.org](http://a.org)',
      '[bank.com]([https://evil.example]()) [www.a.org](http://a.org/)',
    ],
    ['[](https://example.org)', '[]([https://example.org]())'],
    ['[x](https://a.example "title")', '[x]([https://a.example]() "title")'],
    [
      '**[x](https://a.example)** [x](https://a.example/(y))',
      '<b>[x](https://a.example/)</b> [x](https://a.example/(y))',
    ],
    // Mentions
    [`hi <@${ANN}>, **<@${ANN}>** <@x>`, 'hi @a000, <b>@a000</b> <@x>'],
    [`<@${ANN}>**now**<@${ANN}>`, '@a000<b>now</b>@a000'],
  ])('%j', (text, shown) => expect(show(text)).toBe(shown));
});

describe('addresses', () => {
  it.each([
    [
      '见https://example.org/a，谢谢。也看https://example.org/b。',
      '见[https://example.org/a]()，谢谢。也看[https://example.org/b]()。',
    ],
    [
      '（https://a.example）「https://a.example」https://a.example、',
      '（[https://a.example]()）「[https://a.example]()」[https://a.example]()、',
    ],
    [
      'https://a.example/b然后 https://zh.wikipedia.org/wiki/中文',
      '[https://a.example/b]()然后 [https://zh.wikipedia.org/wiki/中文]()',
    ],
    [
      'https://a.example/x. https://a.example/y, https://a.example/z?!',
      '[https://a.example/x](). [https://a.example/y](), [https://a.example/z]()?!',
    ],
    [
      '(https://a.example/x_(y)) [https://a.example] <https://a.example>',
      '([https://a.example/x_(y)]()) [[https://a.example]()] <[https://a.example]()>',
    ],
    [
      '**https://a.example** _https://a.example/a_ "https://a.example"',
      '<b>[https://a.example]()</b> <i>[https://a.example/a]()</i> "[https://a.example]()"',
    ],
    ['https://a.example/a_b_c/*d*?e=1&f=2#g', '[https://a.example/a_b_c/*d*?e=1&f=2#g]()'],
    [
      'www.a.example a@b.example http://localhost:3000',
      '[www.a.example]() [a@b.example]() [http://localhost:3000]()',
    ],
    [
      'git@host.example:a/b.git xhttps://a.example www.a https:// a@b',
      'git@host.example:a/b.git xhttps://a.example www.a https:// a@b',
    ],
    ['my_own_name@a.example', '[my_own_name@a.example]()'],
    ['`https://a.example` \\https://a.example', '{https://a.example} \\[https://a.example]()'],
    [
      'https://a.example\u202e/x https://a.example\u200b',
      '[https://a.example]()\u202e/x [https://a.example]()\u200b',
    ],
    ['https://例子.测试/页 ftp://a.example', '[https://例子.测试/页]() ftp://a.example'],
  ])('%j', (text, shown) => expect(show(text)).toBe(shown));
});

describe('a backslash is hidden where the sign behind it would have formatted', () => {
  it.each([
    ['\\*a\\* \\*\\*b\\*\\* \\_c\\_ \\~~d~~', '*a* **b** _c_ ~~d~~'],
    ['\\`x` \\[a](https://b.example)', '`x` [a]([https://b.example]())'],
    ['\\# h\n\\- a\n\\> b\n1\\. c\n\\* d', '# h\n- a\n> b\n1. c\n* d'],
    ['\\*a, \\_b, \\# \\[c] \\`d \\>e', '\\*a, \\_b, \\# \\[c] \\`d \\>e'],
    ['2\\*3\\*4 and \\*3\\*', '2\\*3\\*4 and \\*3\\*'],
    ['`\\*a\\*`', '{\\*a\\*}'],
    ['**a \\** b**', '<b>a \\** b</b>'],
  ])('%j', (text, shown) => expect(show(text)).toBe(shown));
});

describe('blocks', () => {
  it.each([
    // Quotes
    ['> are you coming?\nyes, at six', '<q>are you coming?</q>\nyes, at six'],
    ['> a\n> > b\n> c\nd', '<q>a\n<q>b</q>\nc</q>\nd'],
    ['> a\n>b\n>\n> c', '<q>a\nb\n\nc</q>'],
    ['>> deep\n> first', '<q><q>deep</q>\nfirst</q>'],
    ['> # h\n> - a\n> ```\n> *x*\n> ```', '<q><h1>h</h1>\n<li •>a</li>\n<code>*x*</code></q>'],
    ['a\n> b', 'a\n<q>b</q>'],
    // Lists
    [
      '1. eggs\n2. milk\n4. bread\n5. tea',
      '<li 1.>eggs</li><li 2.>milk</li><li 4.>bread</li><li 5.>tea</li>',
    ],
    ['3) a\n03) b\n1. c', '<li 3)>a</li><li 03)>b</li>\n<li 1.>c</li>'],
    // A tab goes on to the next fourth column, wherever it begins.
    ['- a\n \t- b', '<li •>a\n<li •>b</li></li>'],
    ['- a\n  \t- b', '<li •>a\n<li •>b</li></li>'],
    ['- a\n  - b\n    - c\n- d', '<li •>a\n<li •>b\n<li •>c</li></li></li><li •>d</li>'],
    ['1. a\n   more\n  - b\n2. c\nout', '<li 1.>a\n more\n<li •>b</li></li><li 2.>c</li>\nout'],
    ['- a\n\n- b', '<li •>a</li>\n\n<li •>b</li>'],
    ['- [ ] a\n- [x] **b**', '<li • o>a</li><li • x><b>b</b></li>'],
    ['1. a\n   ```js\n   x\n     y\n   ```', '<li 1.>a\n<code js>x\n  y</code></li>'],
    ['- # a\n- > b\n- - c', '<li •># a</li><li •>> b</li>\n- - c'],
    ['1\\. a\n2\\. b', '1. a\n2. b'],
    // Headings
    ['# One\n###### Six\n####### seven\n#none', '<h1>One</h1>\n<h6>Six</h6>\n####### seven\n#none'],
    ['# **b** #', '<h1><b>b</b> #</h1>'],
    // Code
    ['```ts\nlet *a*;\n\n  b\n```\nc', '<code ts>let *a*;\n\n  b</code>\nc'],
    ['```\nnever closed\n> *x*', '<code>never closed\n> *x*</code>'],
    ['```\nclosed at the end```', '<code>closed at the end</code>'],
    ['```words of code\nmore\n```', '<code>words of code\nmore</code>'],
    ['````\n```\na\n```\n````', '<code>```\na\n```</code>'],
    ['~~~\na\n~~~', '<code>a</code>'],
    ['~~~\nnever closed', '~~~\nnever closed'],
    ['see ```a\nb``` there', 'see {a\nb} there'],
    // Tables
    ['|a|b|\n|:-|-:|\n|`x|y`|**z** \\| w|\nout', '<table lr>a|b/{x|y}|<b>z</b> | w</table>\nout'],
    ['a | b\n--- | ---\n1 | 2 | 3\n4 |', '<table -->a|b/1|2|3/4</table>'],
    ['a | b\nc | d', 'a | b\nc | d'],
    ['a | b\n--- | --- | ---', 'a | b\n--- | --- | ---'],
    // A line across
    ['a\n\n---\n\nb', 'a\n\n<hr>\n\nb'],
    ['a\n---\nb', 'a\n---\nb'],
    ['---\n\n***', '---\n\n***'],
    ['> ---\n>\n> ---', '> ---\n>\n> ---'],
  ])('%j', (text, shown) => expect(show(text)).toBe(shown));
});
