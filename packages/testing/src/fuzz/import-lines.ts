import { LIMITS, mentionsIn, withNames } from '@lockstep/protocol';
import { readingOf } from '@lockstep/protocol/markup';
import { parseFile } from '../../../../scripts/import/irc-file.ts';
import { parseLine } from '../../../../scripts/import/irc-line.ts';
import { People } from '../../../../scripts/import/people.ts';
import { rowsOf } from '../../../../scripts/import/rows.ts';
import type { Random } from './random.ts';
import { type FuzzTarget, fail } from './target.ts';

const PIECES = [
  ...[
    '[12:34] ',
    '[23:59:59] ',
    '[00:00]',
    '[99:99] ',
    '[1:2] ',
    '=== ',
    '===',
    '<ann> ',
    '<a b> ',
    '<> ',
    '< > ',
    '<@ann> ',
  ],
  ...[
    ' * ann ',
    '* ann',
    '*',
    '-ann:#ubuntu- ',
    '(ann/#ubuntu) ',
    'ann [a@b] has joined #ubuntu',
    'has left #ubuntu',
  ],
  ...[
    'ann [a@b] has quit [x]',
    'ann was kicked off #u by bur[n] er',
    'ann is now known as @ben',
    'mode/#u [+o ann] by ben',
  ],
  ...[
    '..[topic/#u:ann] : t',
    'ann changed the topic of #u to: t',
    'Topic for #u: t',
    'Topic (#u): set by ann at x',
  ],
  ...[
    'netsplit: a',
    'netjoined: a',
    'ann does a thing',
    ']',
    '] ',
    '[',
    '>',
    '<',
    ':',
    '#',
    '@',
    '+',
    ' ',
    '  ',
    '\t',
    '大',
    '\u00a0',
  ],
  ...[
    '\u0003',
    '\u000312,4',
    '\u0004ff00ff',
    '\u0002',
    '\u0000',
    '\u0085',
    '\u2028',
    '👍',
    '\u0301',
    '*_',
    '**',
    '__',
    '`',
    '\\',
    '# ',
    '[a](https://b.example)',
    '<@0192d3a0-0000-7000-8000-000000000001>',
  ],
];
const ENDS = ['\n', '\n', '\n', '\r\n', '\r', '', '\n\n'];

const lineOf = (random: Random): string => {
  let line = random.chance(0.7) ? random.pick(['[10:00] ', '=== ']) : '';
  line += random.list(12, () => random.pick(PIECES)).join('');
  return random.chance(0.02) ? line.repeat(random.between(2, 800)).slice(0, 20_000) : line;
};

interface Input {
  /** The bytes of a file, in base64. */
  bytes: string;
}

const DAY = new Date(Date.UTC(2004, 11, 25));

/**
 * Every line of a log is an entry, a blank or a report; what becomes a message fits into one, is text that can be stored,
 * reads as it was written and mentions nobody, and no line takes longer than it is long.
 */
export const target: FuzzTarget<Input> = {
  name: 'import-lines',
  generate: (random) => {
    const lines = random.list(20, () => lineOf(random) + random.pick(ENDS)).join('');
    const bytes = Buffer.from(lines, random.chance(0.2) ? 'latin1' : 'utf8');
    for (let n = random.chance(0.3) ? random.below(6) : 0; n > 0 && bytes.length > 0; n--)
      bytes[random.below(bytes.length)] = random.below(256);
    return { bytes: bytes.toString('base64') };
  },
  *shrink({ bytes }) {
    const all = Buffer.from(bytes, 'base64');
    for (let size = all.length; size >= 1; size = Math.floor(size / 2))
      for (let from = 0; from < all.length; from += size)
        yield { bytes: Buffer.concat([all.subarray(0, from), all.subarray(from + size)]).toString('base64') };
  },
  run: ({ bytes }) => {
    const file = parseFile('f', DAY, Buffer.from(bytes, 'base64'), 0);
    const { entries, unreadable, blank, lines } = file;
    if (entries.length + unreadable.length + blank !== lines)
      fail('every line is told of once', `${lines} lines`);
    let before = 0;
    const people = new People('test');
    for (const { event } of entries) {
      people.add(event.nick, event.kind === 'text');
      if (event.kind === 'left') people.add(event.by, false);
    }
    for (const entry of entries) {
      const { at, event } = entry;
      if (at.getTime() < before || !(at.getTime() <= DAY.getTime() + (lines + 1) * 86_400_000))
        fail('times do not go back, and no line is more than a day after the one before', at.toISOString());
      before = at.getTime();
      if (event.nick === '' || (/\s/.test(event.nick) && event.nick !== 'IRC server'))
        fail('a nick is a word', JSON.stringify(event.nick));
      const rows = rowsOf('0192d3a0-0000-7000-8000-000000000001', entry, people);
      checkRows(rows);
      if (event.kind === 'text') {
        const read = rows.map(({ body }) => readAs(body ?? '')).join('');
        if (read !== event.text.replaceAll(WORD_JOINER, '') && rows.length === 1)
          fail('a text reads as it was written', `${JSON.stringify(event.text)} as ${JSON.stringify(read)}`);
      }
    }
    // What is read again from what was read is the same.
    for (const { text } of unreadable)
      if (parseLine(text).kind !== 'unreadable') fail('unreadable twice', text);
  },
};

/** Put in where a backslash alone does not help (asWritten). */
const WORD_JOINER = '\u2060';
const readAs = (body: string) =>
  withNames(readingOf(body).text, () => '(a mention)').replaceAll(WORD_JOINER, '');

const checkRows = (rows: ReturnType<typeof rowsOf>): void => {
  if (rows.length === 0) fail('an entry is a message', 'it has none');
  if (new Set(rows.map(({ clientId }) => clientId)).size !== rows.length)
    fail('client ids differ', 'they do not');
  for (const { body, system } of rows) {
    if ((body === null) === (system === null)) fail('a text or a system message', `${body} ${system}`);
    if (body === null) continue;
    if ([...body].length > LIMITS.messageText) fail('fits into a message', `${[...body].length} characters`);
    if (mentionsIn(body).length > 0) fail('nobody is mentioned', JSON.stringify(body));
    if (body.trim() === '') fail('a message says something', JSON.stringify(body));
    if (body.includes('\u0000') || body !== body.toWellFormed()) fail('can be stored', JSON.stringify(body));
  }
};
