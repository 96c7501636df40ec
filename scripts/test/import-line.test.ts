import { describe, expect, it } from 'vitest';
import { timesOf } from '../import/clock.ts';
import { dayOf, parseFile } from '../import/irc-file.ts';
import { type IrcLine, parseLine } from '../import/irc-line.ts';
import { foldNick } from '../import/people.ts';
import { decode, linesOf, split, withoutControls } from '../import/text.ts';

const SAID: [string, IrcLine][] = [
  ['[05:10] <dark> hello there', { minute: 310, kind: 'text', nick: 'dark', text: 'hello there' }],
  ['[05:10] <dark>   two  spaces ', { minute: 310, kind: 'text', nick: 'dark', text: '  two  spaces' }],
  ['[23:59:58] <@op> <b>', { minute: 1439, kind: 'text', nick: 'op', text: '<b>' }],
  ['[06:03] <bur[n] er> why', { minute: 363, kind: 'text', nick: 'bur[n]er', text: 'why' }],
  ['[07:15] <[optik] > hola', { minute: 435, kind: 'text', nick: '[optik]', text: 'hola' }],
  ['[01:09] (sound/#ubuntu) seen?', { minute: 69, kind: 'text', nick: 'sound', text: 'seen?' }],
  ['[05:12] -gfx:#ubuntu- notice', { minute: 312, kind: 'text', nick: 'gfx', text: 'notice' }],
  ['[22:13]  * neer gets to work', { minute: 1333, kind: 'action', nick: 'neer', text: 'gets to work' }],
  ['[16:30]  * [V13]Axel loves it', { minute: 990, kind: 'action', nick: '[V13]Axel', text: 'loves it' }],
];

const SYSTEM: [string, IrcLine][] = [
  ['=== gum [n=a@b/c]  has joined #ubuntu', { minute: null, kind: 'joined', nick: 'gum' }],
  ['=== Bur[n] er [~x@y]  has joined #Ubuntu', { minute: null, kind: 'joined', nick: 'Bur[n]er' }],
  ['=== mhz [n=e@f]  has left #ubuntu ["Leave]', { minute: null, kind: 'left', nick: 'mhz', by: 'mhz' }],
  ['=== el was kicked off #ubuntu by LoRez (x)', { minute: null, kind: 'left', nick: 'el', by: 'LoRez' }],
  [
    '=== Cre[a] tiveEmb[a]  is now known as [bM] Neg',
    { minute: null, kind: 'action', nick: 'Cre[a]tiveEmb[a]', text: 'is now known as [bM]Neg' },
  ],
  [
    '=== mode/#ubuntu [+o Seveas]  by ChanServ',
    { minute: null, kind: 'action', nick: 'ChanServ', text: 'sets mode +o Seveas' },
  ],
  [
    '=== ..[topic/#ubuntu:Seveas] : Happy Day ## More',
    { minute: null, kind: 'topic', nick: 'Seveas', topic: 'Happy Day ## More' },
  ],
  [
    '=== rww changed the topic of #ubuntu to: Support | FAQ',
    { minute: null, kind: 'topic', nick: 'rww', topic: 'Support | FAQ' },
  ],
  ['=== Topic for #ubuntu: Support', { minute: null, kind: 'topic', nick: 'IRC server', topic: 'Support' }],
  [
    '=== zcat[1]  plays video: under compiz!',
    { minute: null, kind: 'action', nick: 'zcat[1]', text: 'plays video: under compiz!' },
  ],
  ['=== quitte stars to love', { minute: null, kind: 'action', nick: 'quitte', text: 'stars to love' }],
];

describe('a line of an IRC log', () => {
  it.each([...SAID, ...SYSTEM])('%s', (line, event) => expect(parseLine(line)).toEqual(event));

  it.each([
    ['[05:10] <darknature>', 'nothing said after the nick'],
    ['[09:15] <silver>     ', 'nothing said after the nick'],
    ['[05:10] <> who?', 'no nick'],
    ['[05:10] no nick', 'no <nick> after the time'],
    ['[25:10] <a> b', 'no such time'],
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

  it('become several messages where a line is too long, without losing or halving a character', () => {
    const text = '😀'.repeat(25);
    const pieces = split(text, 10);
    expect(pieces.map((piece) => [...piece].length)).toEqual([10, 10, 5]);
    expect(pieces.join('')).toBe(text);
  });
});

describe('times of a day', () => {
  const at = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const times = (...texts: (string | null)[]) =>
    timesOf(texts.map((text) => (text === null ? null : at(text)))).map(
      (minute) =>
        `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
    );

  it('go on over midnight', () =>
    expect(times('22:58', '23:59', '00:01')).toEqual(['22:58', '23:59', '24:01']));
  it('go on over noon where the clock has twelve hours', () => {
    expect(times('11:58', '00:03', '06:00')).toEqual(['11:58', '12:03', '18:00']);
    expect(times('11:54', '12:57', '01:03')).toEqual(['11:54', '12:57', '13:03']);
    expect(times('09:00', '03:00', '11:55', '12:05', '01:00')).toEqual([
      '09:00',
      '15:00',
      '23:55',
      '24:05',
      '25:00',
    ]);
  });
  it('of system lines are those of the line before, or of the first one', () =>
    expect(times(null, '10:00', null, '10:02', null)).toEqual(['10:00', '10:00', '10:00', '10:02', '10:02']));
  it('never go back when someone sets the clock', () =>
    expect(times('15:10', '14:10', '14:20', '15:11')).toEqual(['15:10', '15:10', '15:10', '15:11']));
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
