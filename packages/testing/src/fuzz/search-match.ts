import { fold } from '@lockstep/protocol';
import {
  codesOfMessage,
  type Steps,
  Text,
  type Token,
  termOf,
  tokensOf,
  tokensOfMessage,
} from '@lockstep/search/text';
import { marksOf } from '../../../search/src/text/match.ts';
import type { Random } from './random.ts';
import { type FuzzTarget, fail } from './target.ts';

const WORDS = [
  ...[
    'a',
    'ab',
    'abc',
    'release',
    'Release',
    'C++',
    'c#',
    'f',
    'café',
    'cafe\u0301',
    'naïve',
    'straße',
    'STRASSE',
  ],
  ...[
    '今天',
    '天气',
    '人工智能',
    '智',
    '日本語テスト',
    'ﾃｽﾄ',
    '한국어',
    'ไทย',
    'ﬁne',
    '½',
    '㎏',
    'ß',
    'İ',
    'ſ',
    'ς',
    'Σ',
  ],
  ...[
    '4.4.0-93',
    'a_b.c',
    'Qwen3-32B',
    'x/y',
    'https://a.example/b',
    'a@b.c',
    '@ann',
    '👍🏽',
    '👨‍👩‍👧',
    '1',
    '22',
    'a1',
  ],
];
const BETWEEN = [
  ' ',
  ' ',
  ' ',
  '',
  '.',
  ', ',
  '\n',
  '，',
  '-',
  '_',
  '/',
  '\u200b',
  '"',
  '*',
  '\u0301',
  '\ufe0f',
];

const piece = (random: Random): string => {
  if (random.chance(0.8)) return random.pick(WORDS);
  const point = random.below(random.pick([0x80, 0x250, 0x3100, 0xd800, 0x11_0000]));
  return String.fromCodePoint(point);
};

const textOf = (random: Random, most: number): string => {
  const text = random.list(most, () => piece(random) + random.pick(BETWEEN)).join('');
  return random.chance(0.02) ? text.repeat(random.between(2, 60)).slice(0, 8_000) : text;
};

interface Input {
  body: string;
  query: string;
  prefix: boolean;
  phrase: boolean;
}

/** A part of the text as often as anything else: what stands in it has to be found. */
const queryOf = (random: Random, body: string): string => {
  if (random.chance(0.4)) return textOf(random, 6);
  const points = [...body];
  const from = random.below(points.length + 1);
  return points.slice(from, from + random.between(1, 12)).join('');
};

/** The documented rule: every part of the term has a token at its position. */
const stands = (tokens: Token[], start: number, term: NonNullable<ReturnType<typeof termOf>>): boolean =>
  term.parts.every(({ texts, at, prefix }) =>
    tokens.some(
      (token) =>
        token.at === start + at &&
        texts.some((text) => (prefix ? token.text.startsWith(text) : token.text === text)),
    ),
  );

/**
 * The matcher finds a term where a plain reading of the rule finds it, what it marks lies in the text, and neither costs
 * more than the text and the term are long.
 */
export const target: FuzzTarget<Input> = {
  name: 'search-match',
  generate: (random) => {
    const body = textOf(random, 60);
    return {
      body,
      query: queryOf(random, body),
      prefix: random.chance(0.3),
      phrase: random.chance(0.3),
    };
  },
  run: ({ body, query, prefix, phrase }) => {
    checkTokens(body);
    if (fold(fold(body)) !== fold(body))
      fail('folding twice is not folding once', JSON.stringify(fold(body)));
    const term = termOf(query, { prefix, phrase });
    if (!term) return;
    const tokens = tokensOfMessage(body);
    const positions = [...new Set(tokens.map(({ at }) => at))];
    const expected = positions.filter((at) => stands(tokens, at, term));
    const steps: Steps = { taken: 0 };
    const found = new Text(body, steps).occurrences(term);
    const starts = [...new Set(found.map(([first]) => first?.at ?? 0))].sort((a, b) => a - b);
    const wanted = expected.slice(0, starts.length);
    if (JSON.stringify(starts) !== JSON.stringify(wanted) || (expected.length > 0 && starts.length === 0))
      fail('finds a term elsewhere than it stands', `${starts} instead of ${expected}`);
    const code = term.code !== null && (codesOfMessage(body)?.includes(term.code) ?? false);
    const has = new Text(body).has(term);
    if (has !== ((expected.length > 0 && !term.exact) || code))
      fail('has a term, or not', `${has}, at ${expected}, code ${code}`);
    // Tokens once, each text of a token once for each part, and the places of the rarest part times the parts.
    const most = 10 + tokens.length * (2 + 2 * term.parts.length);
    if (steps.taken > most) fail('costs too much', `${steps.taken} steps of ${most}`);
    checkMarks(body, marksOf(body, [term]));
  },
};

const checkTokens = (body: string): void => {
  let before = 0;
  for (const { text, at, from, to } of tokensOf(body)) {
    if (!(0 <= from && from < to && to <= body.length)) fail('a token lies outside', `${from} to ${to}`);
    if (at < before || text === '') fail('tokens are in order, and none is empty', `${text} at ${at}`);
    if (text !== text.toWellFormed()) fail('a token is well-formed', JSON.stringify(text));
    // Quotes and backslashes would end a lexeme of Postgres.
    if (/['\\\s]/.test(text)) fail('a token has none of these signs', JSON.stringify(text));
    before = at;
  }
};

const checkMarks = (body: string, marks: [number, number][]): void => {
  let before = -1;
  for (const [from, to] of marks) {
    if (!(before < from && from < to && to <= body.length))
      fail('marks lie in the text, apart', `${from} to ${to}`);
    before = to;
  }
};
