import { safeHref } from '@lockstep/protocol/markup';
import { describe, expect, it } from 'vitest';
import { highlight } from '../../components/conversation/markdown/highlight.ts';
import { isEmojiOnly } from '../../components/conversation/markdown/plain.ts';
import { faults, html } from './html.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<form action=javascript:alert(1)><input type=submit></form>',
  '<details open ontoggle=alert(1)>',
  '<math><mtext></p><img src=x onerror=alert(1)></mtext></math>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x](&#106;avascript:alert(1))',
  '[x](&Tab;javascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](%6aavascript:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](blob:https://evil.example/1)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](/api/trpc/auth.signOut)',
  '[x](#composer)',
  '[x][1]\n\n[1]: javascript:alert(1)',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](https://evil.example/track.png)',
  '![](data:image/svg+xml,<svg/onload=alert(1)>)',
  '![x](x "onerror=alert(1)")',
  '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
  '[![x](javascript:alert(1))](javascript:alert(2))',
  '[<img src=x onerror=alert(1)>](https://a.example)',
  '**<b onclick=alert(1)>bold</b>**',
  '`<script>alert(1)</script>`',
  '```html\n<script>alert(1)</script>\n```',
  '```"><script>alert(1)</script>\ncode\n```',
  '```js onload=alert(1)\ncode\n```',
  '| <img src=x onerror=alert(1)> | b |\n|---|---|\n| <script>1</script> | [x](javascript:1) |',
  '- [x] <input onfocus=alert(1) autofocus>',
  'note[^1]\n\n[^1]: <script>alert(1)</script> [x](javascript:alert(1))',
  '[^__proto__]\n\n[^__proto__]: x',
  '# <h1 id=composer onclick=alert(1)>x',
  '\u202ejavascript:alert(1)\u202c',
  '[\u202egro.elpmaxe](javascript:alert(1))',
  'https://example.org/\u202e"onmouseover="alert(1)',
  'http://a.example/"><script>alert(1)</script>',
  'http://user:pass@evil.example/ www.example.org/<script>',
  'mailto:x@y.example?subject=<script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u0000<script>alert(1)</script>',
  `${'['.repeat(500)}x${']('.repeat(500)}javascript:alert(1)`,
  `${'> '.repeat(200)}<script>alert(1)</script>`,
  `${'*'.repeat(2_000)}a${'_'.repeat(2_000)}`,
];

describe('markdown can never become script', () => {
  it.each(HOSTILE)('%j', (text) => {
    expect(faults(html(text))).toEqual([]);
  });

  it('this check notices a script', () => {
    expect(faults('<p><img src="x" onerror="alert(1)"></p>')).toEqual([
      '<img>',
      'img src=x',
      'img onerror=alert(1)',
    ]);
    expect(faults('<a href="javascript:alert(1)">x</a>')).toEqual(['a href=javascript:alert(1)']);
    expect(faults('<a href="https://a.example" onclick="x">x</a>')).toEqual(['a onclick=x']);
    expect(faults('<script>1</script><p id="composer">')).toEqual(['<script>', 'p id=composer']);
  });

  it('keeps the text of HTML as text', () => {
    expect(html('a <b>c</b>')).toBe('<p dir="auto">a &lt;b&gt;c&lt;/b&gt;</p>');
  });

  it('colours code with spans of highlight.js and nothing else', () => {
    const code = '<script>alert("1")</script>\n<b class="hljs-x\'">';
    const runs = highlight(code, 'html') ?? [];
    expect(runs.reduce((sum, [length]) => sum + length, 0)).toBe(code.length);
    expect(runs.some(([, className]) => className === 'hljs-name')).toBe(true);
    for (const [, className] of runs) expect(className).toMatch(/^(?:hljs-[\w-]+)?$/);
    expect(highlight('x', 'no-such-language')).toBeNull();
  });
});

describe('what is made of a text', () => {
  it.each([
    [
      '**b** _i_ ~~s~~ `c`',
      ['<strong>b</strong>', '<em>i</em>', '<del>s</del>', '<code dir="auto">c</code>'],
    ],
    ['a\n  b', ['<p dir="auto">a\n  b</p>']],
    ['- a\n- b', ['<ul>', '<li dir="auto"><span class="md-marker" aria-hidden="true">• </span>a</li>']],
    [
      '3. a\n5. b',
      ['<ol>', '<li dir="auto" value="3"><span class="md-marker">3. </span>a</li>', 'value="5"'],
    ],
    ['1984. a', ['--md-gutter:', '>1984. </span>a']],
    ['> q', ['<blockquote dir="ltr"><p dir="auto">q</p></blockquote>']],
    ['# h', ['<p class="md-heading" dir="auto">h</p>']],
    [
      'https://a.example/x',
      ['href="https://a.example/x"', 'rel="noopener noreferrer nofollow"', 'target="_blank"', 'dir="ltr"'],
    ],
    ['<mailto:a@b.example>', ['&lt;mailto:a@b.example&gt;']],
    ['![cat](https://a.example/cat.png)', ['<a href="https://a.example/cat.png"', '>cat</a>']],
    ['```ts\nlet a;\n```', ['<span>ts</span>', 'let a;']],
    [
      '- [x] done\n- [ ] open',
      ['type="checkbox"', 'checked=""', 'aria-label="Done"', 'aria-label="Not done"'],
    ],
    ['|a|\n|-:|\n|b|', ['<th dir="auto" style="text-align:right">a</th>', '>b</td>']],
    ['a\n\n\n\nb', ['<p style="margin-top:calc(0.5rem + 2 * var(--line-height))" dir="auto">b</p>']],
    ['\n\na', ['margin-top:calc(0px + 2 * var(--line-height))']],
    ['a\n- b', ['<ul class="md-close">']],
  ])('%j', (text, parts) => {
    for (const part of parts) expect(html(text)).toContain(part);
  });

  it('says what there is where nothing can be seen', () => {
    expect(html('\u200b')).toBe('<p class="md-hidden-text">U+200B</p>');
    expect(html('\u2800 \u{e0061}')).toContain('U+2800 U+E0061');
    expect(html('\u200b'.repeat(20))).toContain('U+200B …</p>');
  });

  it('follows the direction of its text, block by block', () => {
    expect(html('> שלום\n> hello')).toContain('<blockquote dir="rtl">');
    expect(html('> **שלום**')).toContain('<blockquote dir="rtl">');
    expect(html('> hello שלום')).toContain('<blockquote dir="ltr">');
    expect(html('> 12:30')).toContain('<blockquote>');
    expect(html('|שלום|a|\n|-|-|\n|1|b|')).toContain('<div class="md-table" dir="rtl" tabindex="0">');
    expect(html('# שלום')).toContain('<p class="md-heading" dir="auto">');
    expect(html('- مرحبا\n- hi')).toContain('<ul><li dir="auto">');
  });
});

describe('emoji', () => {
  it('knows emoji from text', () => {
    for (const text of ['👍', '🎉🎉', '👩‍👩‍👧', '🇩🇪', '👍🏽 ❤️']) expect(isEmojiOnly(text)).toBe(true);
    for (const text of ['', '1', 'ok 👍', '#', '好', '👍'.repeat(13)]) expect(isEmojiOnly(text)).toBe(false);
  });
});

describe('addresses', () => {
  it.each([
    'javascript:1',
    ' javascript:1',
    'java\nscript:1',
    'data:,x',
    'ftp://a',
    '/x',
    'x',
    '',
    'http://',
    'https:///',
  ])('%j makes no link', (href) => {
    const safe = safeHref(href);
    expect(safe === null || safe.startsWith('https://')).toBe(true);
    if (!href.startsWith('http')) expect(safe).toBeNull();
  });
});

describe('mentions', () => {
  const id = '0192d3a0-0000-7000-8000-000000000001';

  it('are found in text of every kind, and nowhere in code', () => {
    const count = (text: string) => html(text).split('@…').length - 1;
    expect(count(`hi <@${id}>`)).toBe(1);
    expect(count(`**<@${id}>**<@${id}>, > and <@${id}>`)).toBe(3);
    expect(count(`- <@${id}>\n- [link <@${id}>](https://example.com)`)).toBe(2);
    expect(count('`<@x>` <@not-an-id> a@b.example')).toBe(0);
    expect(html(`\`<@${id}>\``)).toContain(`&lt;@${id}&gt;`);
  });

  it('bring no attribute and no element of their own to the page', () => {
    expect(faults(html(`<@${id}> <script><@${id}></script> <@${id}" onclick="x">`))).toEqual([]);
  });
});
