import { LIMITS, mention } from '@lockstep/protocol';
import { hostileTexts } from './hostile.ts';
import type { Random } from './random.ts';
import { SNIPPETS } from './snippets.ts';

const WORDS = [
  ...[
    'hello',
    'see',
    'the',
    'meeting',
    'at',
    'six',
    'o’clock',
    'tomorrow',
    'maybe',
    'I’d',
    'say',
    'thanks!',
    'ok',
    'and',
  ],
  ...[
    'please',
    'build',
    'failed',
    'again',
    'v2.1.0',
    '3.5',
    '100%',
    '#42',
    'C++',
    'a/b',
    'e.g.',
    'that’s',
    'fine',
    '…',
  ],
  ...[
    '明天',
    '放假',
    '我们',
    '会议',
    '，',
    '。',
    '「第三页」',
    '注意：',
    '请看',
    '人工智能',
    '（附件）',
    'です',
    'カタカナ',
    '한국어',
  ],
  ...['שלום', 'עולם', 'مرحبا', 'привет', 'мир', 'naïve', 'ﬁne', 'İstanbul', 'ไทย', '👍', '👩‍👩‍👧', '🇩🇪', '❤️'],
];
const NAMES = [
  '__init__',
  'a_b_c',
  'x_1',
  '_private',
  'args*',
  '*args',
  '**kwargs',
  '2*3*4',
  'f(x)',
  'a[i]',
  'Box<T>',
  'p->q',
];
const ADDRESSES = [
  ...[
    'https://example.org',
    'https://example.org/a_b/*c*?d=1&e=2#f',
    'http://localhost:3000/x',
    'www.example.org',
  ],
  ...[
    'ann.lee@example.org',
    'https://zh.wikipedia.org/wiki/中文',
    'https://example.org/a_(b)',
    'mailto:a@b.example',
  ],
];
const TARGETS = [...ADDRESSES, 'file:///srv/plan.odt', 'docs/guide.md', 'javascript:alert(1)', '#top', ''];
const SIGNS = [
  '*',
  '**',
  '_',
  '__',
  '~~',
  '`',
  '``',
  '[',
  ']',
  '(',
  ')',
  '<',
  '>',
  '|',
  '\\',
  '!',
  '#',
  '-',
  '&amp;',
  '&',
  '@',
  ':',
  '"',
  "'",
];
const SPACES = [' ', ' ', ' ', '  ', '\t', '\u00a0', '\u3000', '\n', '\n\n', '\n    ', ''];
const HIDDEN = ['\u200b', '\u200d', '\u00ad', '\ufeff', '\u2060', '\u202e', '\u0301', '\u2028'];

const words = (random: Random, most = 8): string =>
  Array.from({ length: random.between(1, most) }, () => random.pick(WORDS)).join(
    random.chance(0.8) ? ' ' : '',
  );

const person = (random: Random): string =>
  mention(`0192d3a0-0000-7000-8000-${random.below(0xffffff).toString(16).padStart(12, '0')}`);

/** A few words with what chats have in them; `deep` bounds what stands in what. */
const inline = (random: Random, deep = 2): string => {
  const inner = () => (deep > 0 && random.chance(0.3) ? inline(random, deep - 1) : words(random, 4));
  switch (random.below(14)) {
    case 0:
      return `**${inner()}**`;
    case 1:
      return `*${inner()}*`;
    case 2:
      return `_${inner()}_`;
    case 3:
      return `~~${inner()}~~`;
    case 4:
      return `\`${random.chance(0.5) ? words(random, 3) : random.pick(NAMES)}\``;
    case 5:
      return `[${inner()}](${random.pick(TARGETS)})`;
    case 6:
      return random.pick(ADDRESSES);
    case 7:
      return random.pick(NAMES);
    case 8:
      return person(random);
    case 9:
      return `***${inner()}***`;
    default:
      return words(random);
  }
};

const line = (random: Random): string =>
  Array.from({ length: random.between(1, 4) }, () => inline(random)).join(' ');
const lines = (random: Random, prefix: (i: number) => string): string =>
  Array.from({ length: random.between(1, 5) }, (_, i) => prefix(i) + line(random)).join('\n');

const block = (random: Random): string => {
  switch (random.below(12)) {
    case 0:
      return lines(random, () => '> ');
    case 1:
      return lines(random, () => `${' '.repeat(random.pick([0, 0, 2, 4]))}- `);
    case 2:
      return lines(random, (i) => `${i + random.between(1, 3)}. `);
    case 3:
      return `${'#'.repeat(random.between(1, 6))} ${line(random)}`;
    case 4:
      return `\`\`\`${random.pick(['', 'js', 'py', 'no such language'])}\n${random.pick(Object.values(SNIPPETS))}\n\`\`\``;
    case 5:
      return random.pick(Object.values(SNIPPETS));
    case 6:
      return `| a | ${words(random, 2)} |\n|---|:-:|\n${lines(random, () => '| x | ')}`;
    case 7:
      return lines(random, () => random.pick(['- [ ] ', '- [x] ', '* ']));
    case 8:
      return random.pick(['---', '***', '> ', '#', '```', '1.', '- ', '>>> ', '[1]: x']);
    default:
      return lines(random, () => (random.chance(0.2) ? '    ' : ''));
  }
};

/** A text as people write and paste them: sentences, formatting, lists, code of many languages, logs, mails. */
export const ordinaryText = (random: Random): string =>
  Array.from({ length: random.between(1, 3) }, () => block(random))
    .join(random.chance(0.5) ? '\n\n' : '\n')
    .slice(0, LIMITS.messageText);

/** A text of signs, words and spaces in any order: nothing that anybody means. */
const randomText = (random: Random): string => {
  const piece = (): string => {
    switch (random.below(9)) {
      case 0:
      case 1:
      case 2:
        return random.pick(SIGNS);
      case 3:
        return random.pick(SPACES);
      case 4:
        return random.pick(NAMES);
      case 5:
        return random.chance(0.3) ? random.pick(HIDDEN) : random.pick(SIGNS).repeat(random.between(1, 5));
      case 6:
        return random.chance(0.5) ? random.pick(ADDRESSES) : person(random);
      case 7:
        return random.pick([
          '> ',
          '- ',
          '1. ',
          '# ',
          '```\n',
          '|-|-|\n',
          '\\*',
          '](https://a.example)',
          '- [ ] ',
          '~~~\n',
        ]);
      default:
        return random.pick(WORDS);
    }
  };
  return Array.from({ length: random.between(1, 40) }, piece).join('');
};

let hostile: string[] | null = null;

/** A text that is made to be slow, whole or in part, alone or in front of another one. */
const hostileText = (random: Random): string => {
  hostile ??= hostileTexts().map(({ text }) => text);
  const text = random.pick(hostile);
  const from = random.chance(0.5) ? 0 : random.below(text.length);
  const part = text.slice(from, from + random.pick([50, 500, 2_000, LIMITS.messageText]));
  if (random.chance(0.6)) return part;
  return `${part}${random.pick(['\n', ' ', ''])}${random.chance(0.5) ? ordinaryText(random) : random.pick(hostile)}`.slice(
    0,
    LIMITS.messageText,
  );
};

/** Any of these. */
export const anyText = (random: Random): string =>
  random.chance(0.5) ? ordinaryText(random) : random.chance(0.9) ? randomText(random) : hostileText(random);
