import { formatSearch, LIMITS, parseSearch, SEARCH_FILTERS } from '@lockstep/protocol';
import type { Random } from './random.ts';
import { type FuzzTarget, fail } from './target.ts';

const VALUES = [
  ...['@ann', '#ubuntu', '<@', '<#', '>', '@', '#', '＠', '＃', 'me', 'ME', 'last week', 'october 2008'],
  ...[
    'today',
    '2008-10',
    '2008-02-30',
    '9999999-1',
    'link',
    'links',
    'unread',
    'newest',
    'best',
    'is',
    'has',
  ],
  ...['3f2504e0-4f89-41d3-9a0c-0305e82c3301', '<@3f2504e0-4f89-41d3-9a0c-0305e82c3301>'],
];
const MARKS = ['"', '“', '”', '„', '「', '」', '『', '』', '-', '－', '−', '--', '*', '**', ':', '：', '//'];
const SPACES = [' ', '  ', '\t', '\n', '\u3000', '\u00a0', '\ufeff', ''];
const WORDS = [
  'release',
  '今天天气',
  '人工智能',
  'C++',
  'f#',
  'naïve',
  'ﬁne',
  'ß',
  'İ',
  'ſ',
  'K',
  '👍🏽',
  'a_b.c',
];
const ODD = ['\u0000', '\ud800', '\udc00', '\u0301', '\u200d', '\u202e', '½', '㎏', '\u0007', '!!!', 'form:'];

const piece = (random: Random): string => {
  const kind = random.below(8);
  if (kind === 0) return `${random.pick(SEARCH_FILTERS)}${random.pick([':', '：'])}`;
  if (kind === 1) return random.pick(VALUES);
  if (kind === 2) return random.pick(MARKS);
  if (kind === 3) return random.pick(WORDS);
  if (kind === 4) return random.pick(ODD);
  if (kind === 5) return String.fromCodePoint(random.below(random.pick([0x80, 0x3000, 0x11_0000])));
  return random.pick(SPACES);
};

interface Input {
  text: string;
  typing: boolean;
}

/** Any text is read; the places of what was read lie inside it; written again and read again it is the same query. */
export const target: FuzzTarget<Input> = {
  name: 'search-language',
  generate: (random) => {
    const pieces = random.list(60, () => piece(random));
    const text = pieces.join('').repeat(random.chance(0.02) ? random.between(2, 200) : 1);
    return { text, typing: random.chance(0.5) };
  },
  run: ({ text, typing }) => {
    const { query, spans, problems } = parseSearch(text, { typing });
    for (const [from, to] of [...spans, ...problems.map((one) => [one.from, one.to] as const)])
      if (!(0 <= from && from <= to && to <= text.length))
        fail('a place lies outside', `${from} to ${to} of ${text.length}`);
    if (spans.length !== query.clauses.length) fail('each clause has a place', `${spans.length} places`);
    if (query.clauses.length > LIMITS.searchClauses) fail('too many clauses', `${query.clauses.length}`);
    const written = formatSearch(query);
    if (written.length > LIMITS.searchText) return;
    const again = parseSearch(written).query;
    if (JSON.stringify(again) !== JSON.stringify(query))
      fail(
        'reads what was written as something else',
        `${JSON.stringify(written)} is ${JSON.stringify(again)}, was ${JSON.stringify(query)}`,
      );
  },
};
