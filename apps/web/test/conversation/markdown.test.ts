import { NextIntlClientProvider } from 'next-intl';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { highlight } from '../../components/conversation/markdown/highlight.ts';
import { safeHref } from '../../components/conversation/markdown/links.ts';
import { renderMarkdown } from '../../components/conversation/markdown/markdown.tsx';
import { isEmojiOnly, isPlain, paragraphs } from '../../components/conversation/markdown/plain.ts';
import conversation from '../../messages/en/conversation.json';

const html = (text: string): string =>
  renderToStaticMarkup(
    createElement(NextIntlClientProvider, {
      locale: 'en',
      messages: { conversation },
      timeZone: 'UTC',
      // biome-ignore lint/correctness/noChildrenProp: a .ts file has no other way
      children: renderMarkdown(text),
    }),
  );

/** Elements and attributes that a message may have, with what their values may be. */
const ELEMENTS = new Set(
  'p br strong em del code pre blockquote ul ol li hr a span input div table thead tbody tr th td button svg path rect'.split(
    ' ',
  ),
);
const ATTRIBUTES: Record<string, RegExp> = {
  href: /^(https?:\/\/|mailto:)/,
  title: /./,
  target: /^_blank$/,
  rel: /^noopener noreferrer nofollow$/,
  dir: /^auto$/,
  class: /^(md-|group\/code|lucide|size-|)/,
  start: /^\d+$/,
  type: /^(checkbox|button)$/,
  tabindex: /^(0|-1)$/,
  'aria-label': /^Copy code$/,
};
const FLAGS = new Set(['checked', 'disabled', 'readonly']);
const ofIcons =
  /^(xmlns|width|height|viewbox|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|d|x|y|rx|ry|aria-hidden)$/;

/** Every tag of the markup that is not allowed. An empty list is the whole promise. */
const faults = (markup: string): string[] => {
  const found: string[] = [];
  for (const [, name = '', rest = ''] of markup.matchAll(
    /<([a-z][\w:-]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi,
  )) {
    if (!ELEMENTS.has(name.toLowerCase())) found.push(`<${name}>`);
    for (const [, key = '', value = ''] of rest.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
      const attribute = key.toLowerCase();
      const icon = (name === 'svg' || name === 'path' || name === 'rect') && ofIcons.test(attribute);
      if (!icon && !FLAGS.has(attribute) && !ATTRIBUTES[attribute]?.test(value))
        found.push(`${name} ${key}=${value}`);
    }
  }
  return found;
};

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

  it('would notice', () => {
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
    const flat = (pieces: ReturnType<typeof highlight>): string =>
      pieces.map((piece) => (typeof piece === 'string' ? piece : flat(piece.pieces))).join('');
    const code = '<script>alert("1")</script>\n<b class="hljs-x\'">';
    const pieces = highlight(code, 'html');
    expect(flat(pieces)).toBe(code);
    const classes = JSON.stringify(pieces).match(/"className":"[^"]*"/g) ?? [];
    expect(classes.length).toBeGreaterThan(0);
    for (const name of classes)
      expect(name).toMatch(/^"className":"(?:(?:hljs-[\w-]+|language-\w+|\w+_)(?: |(?=")))*"$/);
    expect(highlight('x', 'no-such-language')).toEqual(['x']);
  });
});

describe('what markdown makes', () => {
  it.each([
    ['**b** _i_ ~~s~~ `c`', ['<strong>b</strong>', '<em>i</em>', '<del>s</del>', '<code>c</code>']],
    ['a\nb', ['a<br/>\nb']],
    ['- a\n- b', ['<ul>', '<li dir="auto">a</li>']],
    ['3. a', ['<ol start="3">']],
    ['> q', ['<blockquote dir="auto">']],
    ['# h', ['<p class="md-heading">h</p>']],
    [
      'https://a.example/x',
      ['href="https://a.example/x"', 'rel="noopener noreferrer nofollow"', 'target="_blank"'],
    ],
    ['<mailto:a@b.example>', ['href="mailto:a@b.example"']],
    ['![cat](https://a.example/cat.png)', ['<a href="https://a.example/cat.png"', '>cat</a>']],
    ['```ts\nlet a;\n```', ['<span>ts</span>', 'let a;']],
    ['- [x] done', ['type="checkbox"', 'checked']],
    ['|a|\n|-|\n|b|', ['<th>a</th>', '<td>b</td>']],
  ])('%j', (text, parts) => {
    for (const part of parts) expect(html(text)).toContain(part);
  });
});

describe('texts that need no markdown', () => {
  it.each([
    'hello',
    'a - b',
    'Yes, at 14:05!',
    '今天下午三点',
    'C# and F',
    'x = 1 + 2',
    'it’s 100%',
    'a\nb\n\nc',
  ])('%j is shown as markdown would show it', (text) => {
    expect(isPlain(text)).toBe(true);
    const plain = paragraphs(text).map((part) => `<p dir="auto">${part.replaceAll('\n', '<br/>\n')}</p>`);
    expect(html(text)).toBe(plain.join('\n'));
  });
  it.each([
    '*a*',
    'a_b_c',
    '`a`',
    '# a',
    '- a',
    '1. a',
    '> a',
    'https://a.example',
    'www.a.example',
    '    code',
    'a\n---',
    '&amp;',
    '<b>',
    'me@a.example',
    '~~a~~',
  ])('%j is parsed', (text) => expect(isPlain(text)).toBe(false));
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
