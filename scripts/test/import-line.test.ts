import { mentionsIn, withNames } from '@lockstep/protocol';
import { readingOf } from '@lockstep/protocol/markup';
import { describe, expect, it } from 'vitest';
import { dayOf, parseFile } from '../import/irc-file.ts';
import { type IrcLine, parseLine } from '../import/irc-line.ts';
import { foldNick, People } from '../import/people.ts';
import { rowsOf } from '../import/rows.ts';
import { decode, linesOf, split, withoutControls } from '../import/text.ts';

const SAID: [string, IrcLine][] = [
  ['[05:10] <dark> hello there', { second: 310 * 60, kind: 'text', nick: 'dark', text: 'hello there' }],
  ['[05:10] <dark>   two  spaces ', { second: 310 * 60, kind: 'text', nick: 'dark', text: '  two  spaces' }],
  ['[23:59:58] <@op> <b>', { second: 23 * 3600 + 59 * 60 + 58, kind: 'text', nick: 'op', text: '<b>' }],
  ['[06:03] <bur[n] er> why', { second: 363 * 60, kind: 'text', nick: 'bur[n]er', text: 'why' }],
  ['[07:15] <[optik] > hola', { second: 435 * 60, kind: 'text', nick: '[optik]', text: 'hola' }],
  ['[01:09] (sound/#ubuntu) seen?', { second: 69 * 60, kind: 'text', nick: 'sound', text: 'seen?' }],
  ['[05:12] -gfx:#ubuntu- notice', { second: 312 * 60, kind: 'text', nick: 'gfx', text: 'notice' }],
  ['[22:13]  * neer gets to work', { second: 1333 * 60, kind: 'action', nick: 'neer', text: 'gets to work' }],
  [
    '[16:30]  * [V13]Axel loves it',
    { second: 990 * 60, kind: 'action', nick: '[V13]Axel', text: 'loves it' },
  ],
];

const SYSTEM: [string, IrcLine][] = [
  ['=== gum [n=a@b/c]  has joined #ubuntu', { second: null, kind: 'joined', nick: 'gum' }],
  ['=== Bur[n] er [~x@y]  has joined #Ubuntu', { second: null, kind: 'joined', nick: 'Bur[n]er' }],
  ['=== mhz [n=e@f]  has left #ubuntu ["Leave]', { second: null, kind: 'left', nick: 'mhz', by: 'mhz' }],
  ['=== el was kicked off #ubuntu by LoRez (x)', { second: null, kind: 'left', nick: 'el', by: 'LoRez' }],
  [
    '=== Cre[a] tiveEmb[a]  is now known as [bM] Neg',
    { second: null, kind: 'action', nick: 'Cre[a]tiveEmb[a]', text: 'is now known as [bM]Neg' },
  ],
  [
    '=== mode/#ubuntu [+o Seveas]  by ChanServ',
    { second: null, kind: 'action', nick: 'ChanServ', text: 'sets mode +o Seveas' },
  ],
  [
    '=== ..[topic/#ubuntu:Seveas] : Happy Day ## More',
    { second: null, kind: 'topic', nick: 'Seveas', topic: 'Happy Day ## More' },
  ],
  [
    '=== rww changed the topic of #ubuntu to: Support | FAQ',
    { second: null, kind: 'topic', nick: 'rww', topic: 'Support | FAQ' },
  ],
  ['=== Topic for #ubuntu: Support', { second: null, kind: 'topic', nick: 'IRC server', topic: 'Support' }],
  [
    '=== zcat[1]  plays video: under compiz!',
    { second: null, kind: 'action', nick: 'zcat[1]', text: 'plays video: under compiz!' },
  ],
  ['=== quitte stars to love', { second: null, kind: 'action', nick: 'quitte', text: 'stars to love' }],
];

describe('a line of an IRC log', () => {
  it.each([...SAID, ...SYSTEM])('%s', (line, event) => expect(parseLine(line)).toEqual(event));

  it.each([
    ['[05:10] <darknature>', 'nothing said after the nick'],
    ['[09:15] <silver>     ', 'nothing said after the nick'],
    ['[05:10] <> who?', 'no nick'],
    ['[05:10] no nick', 'no <nick> after the time'],
    ['[25:10] <a> b', 'no such time'],
    ['[10:10:99] <a> b', 'no such time'],
    ['--- Log opened', 'not a line of an IRC log'],
    ['=== lonely', 'not a system line that is known'],
  ])('is reported when it cannot be read: %s', (line, reason) =>
    expect(parseLine(line)).toMatchObject({ kind: 'unreadable', reason }),
  );

  it('knows one person under all spellings of a nick (RFC 1459)', () => {
    expect(foldNick('Foo{a}|^')).toBe(foldNick('fOO[A]\\~'));
    expect(foldNick('foo_')).not.toBe(foldNick('foo'));
  });
});

describe('bytes of a log', () => {
  it('are UTF-8, or Windows-1252 line by line', () => {
    const bytes = Buffer.concat([
      Buffer.from('grüße\r\n'),
      Buffer.from('gr\xfc\xdfe \x80\n', 'latin1'),
      Buffer.from('日本'),
    ]);
    expect([...linesOf(bytes)].map(decode)).toEqual(['grüße', 'grüße €', '日本']);
  });

  it('keep their line numbers over empty lines', () => {
    expect([...linesOf(Buffer.from('a\n\n\r\nb\n'))].map(decode)).toEqual(['a', '', '', 'b']);
  });

  it('lose colours, formatting, NUL and backspaces, but no digits of the text', () => {
    expect(withoutControls('\u000304,12red\u0003 \u0002bold\u000f \u00035x 5\u0000\u0008\u007f\ttab')).toBe(
      'red bold x 5\ttab',
    );
  });

  it.each([
    ['a\u0085b', 'a b'],
    ['a\u000bb\u000cc\rd', 'a b c d'],
    ['a\u2028b\u2029c', 'a b c'],
    ['a\u0000\u0000b', 'a b'],
    ['a \u0000\u0085 b\u0085', 'a  b'],
    ['\u0085a\u0002\u0085\u0002b', 'a b'],
    ['a\ud800b \udc00', 'a\ufffdb \ufffd'],
    ['👍\u0085👍', '👍 👍'],
  ])('keep words apart: %j', (text, read) => expect(withoutControls(text)).toBe(read));

  it('become several messages where a line is too long, without losing or halving a character', () => {
    const text = '😀'.repeat(25);
    const pieces = split(text, 10);
    expect(pieces.map((piece) => [...piece].length)).toEqual([10, 10, 5]);
    expect(pieces.join('')).toBe(text);
  });
});

describe('a file', () => {
  it('has its day in its name', () => {
    expect(dayOf('2004-12-25.txt')?.toISOString()).toBe('2004-12-25T00:00:00.000Z');
    expect(dayOf('#ubuntu.20041225.log')?.toISOString()).toBe('2004-12-25T00:00:00.000Z');
    expect(dayOf('LICENSE-CC-BY-4.0.txt')).toBeNull();
    expect(dayOf('2005-02-30.txt')).toBeNull();
  });

  it('gives every line away as an entry, a blank or a report', () => {
    const text = '=== a [x@y] has joined #u\n[10:00] <a> hi\n\n[10:01] <a>\nrubbish\n[10:02] <b> ho\n';
    const file = parseFile('f', new Date(Date.UTC(2004, 11, 25)), Buffer.from(text), 120);
    expect(file.entries.map(({ line, at }) => [line, at.toISOString().slice(11, 16)])).toEqual([
      [1, '08:00'],
      [2, '08:00'],
      [6, '08:02'],
    ]);
    expect(file.unreadable.map(({ line }) => line)).toEqual([4, 5]);
    expect([file.lines, file.blank]).toEqual([6, 1]);
  });
});

describe('the text of a line', () => {
  const ID = '0192d3a0-0000-7000-8000-000000000001';
  const bodies = (line: string) => {
    const file = parseFile('f', new Date(0), Buffer.from(line));
    return file.entries.flatMap((entry) =>
      rowsOf(ID, entry, new People('irc')).map(({ body }) => body ?? ''),
    );
  };

  it.each([
    [`[10:00] <ann> <@${ID}> hi`, `<@${ID}> hi`],
    [`[10:00]  * ann slaps <@${ID}>`, `ann slaps <@${ID}>`],
    ['[10:00] <ann> @everyone see #ubuntu or [this](https://a.example)', null],
    ['[10:00] <ann> *no* _no_ **no** ~~no~~ `no`', null],
    ['[10:00] <ann> # no', null],
    ['[10:00] <ann> - no', null],
    ['[10:00] <ann> > no', null],
    ['[10:00] <ann> 1. no', null],
    ['[10:00]  * ann *waves* at _ben_', 'ann *waves* at _ben_'],
    ['[10:00]  * ann rm *.txt foo_bar', 'ann rm *.txt foo_bar'],
  ])('reads as it was written and mentions nobody: %s', (line, read) => {
    const [body = ''] = bodies(line);
    expect(withNames(readingOf(body).text, () => 'a mention')).toBe(
      read ?? line.slice('[10:00] <ann> '.length),
    );
    expect(mentionsIn(body)).toEqual([]);
  });

  it('is in italics where something was done, unless that would change it', () => {
    expect(bodies('[10:00]  * ann waves')).toEqual(['*ann waves*']);
    expect(bodies('[10:00]  * ann loves *nix')).toEqual(['_ann loves *nix_']);
  });

  it('is cut where it becomes too long by its backslashes', () => {
    const text = `${'a'.repeat(7_990)} <@${ID}>`;
    const parts = bodies(`[10:00] <ann> ${text}`);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('').replace(/\\(?=<@)/g, '')).toBe(text);
  });
});
