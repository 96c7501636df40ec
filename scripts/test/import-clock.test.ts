import { describe, expect, it } from 'vitest';
import { timesOf } from '../import/clock.ts';
import { parseFile } from '../import/irc-file.ts';

const at = (text: string) => {
  const [hour = 0, minute = 0, second = 0] = text.split(':').map(Number);
  return (hour * 60 + minute) * 60 + second;
};
const clock = (seconds: number) =>
  [seconds / 3600, (seconds / 60) % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');

/** `15:00 09:00` to the times that are taken, and what was assumed: `odd 1`, lines from 0. */
const read = (text: string): [string, string] => {
  const { times, assumptions } = timesOf(text.split(' ').map((stamp) => (stamp === '-' ? null : at(stamp))));
  const reported = assumptions.map(({ kind, from, ...rest }) =>
    'to' in rest && rest.to > from ? `${kind} ${from}-${rest.to}` : `${kind} ${from}`,
  );
  return [times.map(clock).join(' '), reported.join(', ')];
};

describe('the times of one log', () => {
  it.each([
    // One odd stamp moves nothing else.
    ['15:00 09:00 15:01', '15:00 15:00 15:01', 'odd 1'],
    ['08:00 15:00 09:00 15:01', '08:00 15:00 15:00 15:01', 'odd 2'],
    ['15:00 15:01 23:00 15:02', '15:00 15:01 15:01 15:02', 'odd 2'],
    ['10:00 11:59 10:01 10:02', '10:00 10:00 10:01 10:02', 'odd 1'],
    ['10:00 10:10 10:01 10:02', '10:00 10:00 10:01 10:02', 'odd 1'],
    ['15:00 - 09:00 - 15:01', '15:00 15:00 15:00 15:00 15:01', 'odd 2'],
    // Several of them.
    ['15:00 09:00 09:01 15:01', '15:00 15:00 15:00 15:01', 'odd 1-2'],
    ['15:00 09:00 22:00 15:01', '15:00 15:00 15:00 15:01', 'odd 1-2'],
    ['15:00 09:00 15:01 09:05 15:02', '15:00 15:00 15:01 15:01 15:02', 'odd 1, odd 3'],
    // At the ends.
    ['23:00 09:00 09:01 09:02', '09:00 09:00 09:01 09:02', 'odd 0'],
    ['23:00 23:01 09:00 09:01', '09:00 09:00 09:00 09:01', 'odd 0-1'],
    ['03:00 02:00 02:01 02:02 15:00', '02:00 02:00 02:01 02:02 15:00', 'odd 0'],
    ['15:00 15:01 09:00', '15:00 15:01 15:01', 'odd 2'],
    ['14:58 14:59 15:00 15:01 09:00 09:01', '14:58 14:59 15:00 15:01 15:01 15:01', 'odd 4-5'],
    // Around midnight.
    ['00:10 23:59 00:11 00:12', '00:10 00:10 00:11 00:12', 'odd 1'],
    ['23:50 00:10 23:55 00:01 00:02', '23:50 23:50 23:55 24:01 24:02', 'odd 1, next-day 3'],
    ['22:58 23:59 00:01', '22:58 23:59 24:01', 'next-day 2'],
    ['23:59 00:01', '23:59 24:01', 'next-day 1'],
    ['23:00 00:30', '23:00 24:30', 'next-day 1'],
    // Clocks of twelve hours.
    ['11:58 00:03 06:00', '11:58 12:03 18:00', 'half-day 1'],
    ['11:54 12:57 01:03', '11:54 12:57 13:03', 'half-day 2'],
    ['09:00 03:00 11:55 12:05 01:00', '09:00 15:00 23:55 24:05 25:00', 'half-day 1, next-day 4'],
    ['03:00 01:00 03:01', '03:00 03:00 03:01', 'odd 1'],
    ['11:00 09:00 09:01 09:02', '09:00 09:00 09:01 09:02', 'odd 0'],
    // A clock that someone sets.
    ['15:10 14:10 14:20 15:11', '15:10 15:10 15:10 15:11', 'odd 1-2'],
    // What is usual needs no word: lines without a stamp, seconds out of order, a long silence.
    ['- 10:00 - 10:02 -', '10:00 10:00 10:00 10:02 10:02', ''],
    ['15:00:05 15:00:03 15:01:00 15:00:58 15:01:02', '15:00 15:00 15:01 15:01 15:01', ''],
    ['01:00 15:00', '01:00 15:00', ''],
    ['-', '00:00', ''],
  ])('%s', (stamps, times, reported) => expect(read(stamps)).toEqual([times, reported]));

  const minutes = (from: string, to: string) =>
    Array.from({ length: (at(to) - at(from)) / 60 }, (_, i) => clock(at(from) + i * 60));

  it('stand still for the hour that the end of summer time repeats, and for nothing else', () => {
    const before = minutes('00:00', '03:00');
    const after = minutes('03:00', '15:00');
    const log = [...before, ...minutes('02:00', '03:00'), ...after];
    const [times, reported] = read(log.join(' '));
    expect(times).toBe([...before, ...Array.from({ length: 60 }, () => '02:59'), ...after].join(' '));
    expect(reported).toBe('set-back 180-238');
  });

  it('of a whole day are not moved by a line of the day before', () => {
    const day = minutes('00:00', '24:00');
    expect(read(['23:59', ...day].join(' '))).toEqual([['00:00', ...day].join(' '), 'odd 0']);
  });

  it('of a whole day are moved by no single stamp that is an hour off or more', () => {
    const day = minutes('00:00', '24:00').filter((_, i) => i % 9 === 0);
    const moved: string[] = [];
    for (let place = 0; place < day.length; place++)
      for (const odd of ['00:00', '03:07', '09:31', '12:00', '17:45', '23:59']) {
        if (Math.abs(at(odd) - at(day[place] as string)) < 3600) continue;
        const [times] = read(day.with(place, odd).join(' '));
        const others = times.split(' ').filter((_, i) => i !== place);
        if (others.join() !== day.filter((_, i) => i !== place).join()) moved.push(`${odd} at ${place}`);
      }
    expect(moved).toEqual([]);
  });
});

it('an assumption about a line is reported with its position, its stamp and the time used', () => {
  const notes = (...stamps: string[]) => {
    const text = stamps.map((stamp) => `[${stamp}] <ann> hi\n`).join('');
    return parseFile('day.txt', new Date(Date.UTC(2004, 11, 31)), Buffer.from(text)).timeNotes;
  };
  expect(notes('15:00', '09:00', '15:01')).toEqual([
    {
      file: 'day.txt',
      line: 2,
      text: '[09:00] does not follow from the lines around it, so this line is taken for 15:00, the time of the line before',
    },
  ]);
  expect(notes('23:00:01', '09:00', '09:01', '09:02')[0]?.text).toBe(
    '[23:00:01] does not follow from the lines around it, so this line is taken for 09:00, the time of the first line that fits',
  );
  expect(notes('23:59', '00:01')).toEqual([
    {
      file: 'day.txt',
      line: 2,
      text: '[00:01] after [23:59]: the log passes midnight, so this line and those after it are taken for 2005-01-01',
    },
  ]);
});
