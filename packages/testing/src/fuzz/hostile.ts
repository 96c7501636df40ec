import { LIMITS } from '@lockstep/protocol';

/** A text that is made to be expensive, or to nest without end. */
interface HostileText {
  name: string;
  text: string;
}

const MAX_LENGTH: number = LIMITS.messageText;
const USER = '0192d3a0-0000-7000-8000-000000000001';

/** As often as fits into `max` characters. */
const fill = (unit: string, max = MAX_LENGTH): string => unit.repeat(Math.floor(max / unit.length));
const nested = (open: string, inner: string, close: string, times: number): string =>
  open.repeat(times) + inner + close.repeat(times);

/** Signs of every formatting, alone, in runs and in pairs that never close. */
const SIGNS = [
  ...[
    '*',
    '_',
    '~',
    '`',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '|',
    '#',
    '-',
    '+',
    '=',
    '!',
    '\\',
    '&',
    '@',
    ':',
    '.',
  ],
  ...[
    '**',
    '__',
    '~~',
    '***',
    '* ',
    '_ ',
    '*a',
    'a*',
    '_a',
    'a_',
    '**a',
    'a**',
    '*a ',
    ' a*',
    '**a ',
    '~~a ',
    '`a ',
  ],
  ...[
    '*a_',
    '_a*',
    '*a**b',
    '**a*b',
    '*_',
    '**_',
    '*a*',
    '_a_',
    '**a**',
    '~~a~~',
    '`a`',
    '``a`',
    '*_a_*',
    '*a _b ',
  ],
  ...[
    '[a',
    '[]',
    '[](',
    '[a](',
    '[a](b',
    '![',
    '![a](',
    '[[]',
    '[a][',
    '[a]: b\n',
    '](',
    '[x](https://a.example)',
  ],
  ...[
    '[](https://a.example)',
    '[a](https://a.example "',
    '[a](<',
    '[^1]',
    '[^1]: a\n',
    '[ ] ',
    '- [ ] a\n',
    '- [x] ',
  ],
  ...[
    '<a',
    '<a ',
    '<a b="',
    '<!--',
    '<?',
    '<![CDATA[',
    '</a',
    '<a>',
    '<https:',
    '<https://a.example>',
    '<a@b.c>',
  ],
  ...['&amp;', '&#1;', '&#x', '&a', '\\*', '\\\\', '\\[', '\\`', '\\ ', '\\\n'],
  ...[
    '> ',
    '>> ',
    '>\n',
    '> \n',
    '> - ',
    '> 1. ',
    '- ',
    '- \n',
    '* \n',
    '1. ',
    '1. \n',
    '- 1. ',
    '1) ',
    '# ',
    '#\n',
  ],
  ...[
    '---\n',
    '***\n',
    '===\n',
    'a\n===\n',
    '    a\n',
    '\ta\n',
    '\n',
    ' \n',
    '  \n',
    'a\n\n',
    'a  \n',
    '\\\na',
  ],
  ...['```\n', '```', '~~~\n', '```a\n', '```js\n', '> ```\n', '- ```\n', '``` `\n', '`\n', '`` ` '],
  ...['|a', '|\n', '|-', '|-|\n', '| a | b |\n', '|a|\n|-|\n', 'a|b\n-|-\n', '\\|', '`|'],
  ...[
    'https://',
    'https://a.example ',
    'https://a.example/',
    'http://a',
    'www.',
    'www.a.example ',
    'www.a',
    'a.b.',
  ],
  ...[
    'a@',
    '@a',
    'a@b',
    'a@b.c ',
    'a.',
    'a.a@',
    'a-a@b.c',
    'mailto:a@b.c ',
    'https://a.example/(',
    'https://a)',
  ],
  ...['https://a.example/?a=&', 'https://a.example/，', 'xmpp:a@b/', 'https://a_b.example/*', 'https://**'],
  ...[`<@${USER}>`, `<@${USER}> `, `**<@${USER}>`, '<@', '<@0192d3a0-', `[<@${USER}>](https://a.example) `],
];

/** What is slow to shape, to break into lines or to segment. */
const CHARACTERS = [
  ...[
    'a',
    'W',
    ' ',
    '中',
    '，',
    'ا',
    'ש',
    'ก',
    'அ',
    '\u0301',
    'a\u0301',
    '\u200d',
    '\u200b',
    '\ufeff',
    '\u00ad',
  ],
  ...[
    '\ufe0f',
    '👍',
    '👨‍👩‍👧‍👦',
    '👍🏽',
    '🇨🇳',
    '🇨',
    '❤️',
    '👩\u200d',
    '\u{1f3fb}',
    '\u{e0061}',
    '\u202e',
    '\u202ea',
    '\u2067a',
    '\u2069',
  ],
  ...[
    '\u0300\u0301\u0302\u0303\u0304',
    'Z\u0351\u036b\u0343\u036a',
    'ﷺ',
    '\u0e33',
    '\u1160',
    '\u3164',
    '\t',
    '\u2028',
    '\u0085',
  ],
];

const DEPTHS = [100, 500, 1_300, 2_500];

const trees = (): HostileText[] =>
  DEPTHS.flatMap((depth) => {
    const fits = (text: string) => text.slice(0, MAX_LENGTH);
    return [
      { name: `quotes ${depth}`, text: fits('>'.repeat(depth)) },
      { name: `quotes with spaces ${depth}`, text: fits(`${'> '.repeat(depth)}x`) },
      { name: `lists ${depth}`, text: fits(`${'- '.repeat(depth)}x`) },
      { name: `numbers ${depth}`, text: fits(`${'1. '.repeat(depth)}x`) },
      { name: `lists in quotes ${depth}`, text: fits(`${'> - 1. '.repeat(depth)}x`) },
      { name: `link in link ${depth}`, text: fits(nested('[', 'x', '](https://a.example)', depth)) },
      { name: `picture in picture ${depth}`, text: fits(nested('![', 'x', '](https://a.example)', depth)) },
      { name: `brackets ${depth}`, text: fits(nested('[', 'x', ']', depth)) },
      {
        name: `brackets of an address ${depth}`,
        text: fits(`[x](https://a.example/${nested('(', 'x', ')', depth)})`),
      },
      { name: `bold in thin ${depth}`, text: fits(nested('**a *b ', 'x', '* **', depth)) },
      { name: `strokes ${depth}`, text: fits(nested('~~a _b ', 'x', '_ ~~', depth)) },
      { name: `backticks of growing length ${depth}`, text: growing('`', depth) },
      { name: `stars of growing length ${depth}`, text: growing('*', depth) },
      { name: `indented deeper and deeper ${depth}`, text: indented('- ', depth) },
      { name: `numbered deeper and deeper ${depth}`, text: indented('1. ', depth) },
      { name: `quoted deeper and deeper ${depth}`, text: quoted(depth) },
      { name: `fences in quotes ${depth}`, text: fits(`${'> '.repeat(depth)}\`\`\`\nx`) },
    ];
  });

const growing = (sign: string, most: number): string => {
  let text = '';
  for (let n = 1; n <= most && text.length + n + 2 <= MAX_LENGTH; n++) text += `${sign.repeat(n)}a `;
  return text;
};
const indented = (marker: string, most: number): string => {
  let text = '';
  for (let n = 0; n < most; n++) {
    const line = `${' '.repeat(n * marker.length)}${marker}x\n`;
    if (text.length + line.length > MAX_LENGTH) break;
    text += line;
  }
  return text;
};
const quoted = (most: number): string => {
  let text = '';
  for (let n = 1; n < most; n++) {
    const line = `${'>'.repeat(n)} x\n`;
    if (text.length + line.length > MAX_LENGTH) break;
    text += line;
  }
  return text;
};

/** A header of so many columns, then as many rows as fit: a table of a million cells, for who fills up short rows. */
const table = (columns: number, row: string): string => {
  const head = `|${'a|'.repeat(columns)}\n|${'-|'.repeat(columns)}\n`;
  return head + fill(`${row}\n`, Math.max(0, MAX_LENGTH - head.length));
};
const tables = (): HostileText[] =>
  [2, 20, 300, 1_300].flatMap((columns) =>
    ['a', '|', 'a|b', '|a|b|c|', '|`a|b`|', '| **a | b** |', '\\|', '> a', '- a'].map((row) => ({
      name: `table of ${columns} columns, rows ${JSON.stringify(row)}`,
      text: table(columns, row),
    })),
  );

/** Texts that take renderers down, each as long as a message may be. The same each time. */
export const hostileTexts = (): HostileText[] => [
  ...SIGNS.map((unit) => ({ name: `signs ${JSON.stringify(unit)}`, text: fill(unit) })),
  ...SIGNS.map((unit) => ({
    name: `signs ${JSON.stringify(unit)}, then x`,
    text: `${fill(unit, MAX_LENGTH - 2)} x`,
  })),
  ...CHARACTERS.map((unit) => ({ name: `characters ${JSON.stringify(unit)}`, text: fill(unit) })),
  ...trees(),
  ...tables(),
];
