import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { canonicalDate, rangeOfDate } from '../src/index.ts';

const now = Date.parse('2026-03-04T23:30:00Z');
const range = (when: string, zone = 'UTC') => {
  const { from, to } = rangeOfDate(when, now, zone);
  return [new Date(from).toISOString(), new Date(to).toISOString()];
};

describe('the time that a date spans', () => {
  test.each([
    ['2008-10-02', '2008-10-02', '2008-10-03'],
    ['2008-02', '2008-02-01', '2008-03-01'],
    ['2008-12', '2008-12-01', '2009-01-01'],
    ['2008', '2008-01-01', '2009-01-01'],
    ['today', '2026-03-04', '2026-03-05'],
    ['yesterday', '2026-03-03', '2026-03-04'],
    ['this-week', '2026-03-02', '2026-03-09'],
    ['last-week', '2026-02-23', '2026-03-02'],
    ['this-month', '2026-03-01', '2026-04-01'],
    ['last-month', '2026-02-01', '2026-03-01'],
    ['this-year', '2026-01-01', '2027-01-01'],
    ['last-year', '2025-01-01', '2026-01-01'],
    ['march', '2026-03-01', '2026-04-01'],
    ['april', '2025-04-01', '2025-05-01'],
    // A day is the last one that has begun.
    ['march-04', '2026-03-04', '2026-03-05'],
    ['march-03', '2026-03-03', '2026-03-04'],
    ['march-05', '2025-03-05', '2025-03-06'],
    ['february-10', '2026-02-10', '2026-02-11'],
    ['april-01', '2025-04-01', '2025-04-02'],
    ['may-31', '2025-05-31', '2025-06-01'],
    ['december-31', '2025-12-31', '2026-01-01'],
    ['february-28', '2026-02-28', '2026-03-01'],
  ])('%s', (when, from, to) => {
    expect(canonicalDate(when)).toBe(when);
    expect(range(when)).toEqual([`${from}T00:00:00.000Z`, `${to}T00:00:00.000Z`]);
  });

  it('February 29 is that of the last leap year', () => {
    expect(canonicalDate('29 Feb')).toBe('february-29');
    expect(range('february-29')).toEqual(['2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z']);
  });

  it.each([
    ...[
      ['今天', 'today'],
      ['昨天', 'yesterday'],
      ['本周', 'this-week'],
      ['这周', 'this-week'],
    ],
    ...[
      ['上周', 'last-week'],
      ['本月', 'this-month'],
      ['这个月', 'this-month'],
      ['上月', 'last-month'],
    ],
    ...[
      ['上个月', 'last-month'],
      ['今年', 'this-year'],
      ['去年', 'last-year'],
      ['３月', 'march'],
    ],
    ...[
      ['12月', 'december'],
      ['Last  Week', 'last-week'],
      ['this_month', 'this-month'],
      ['Sept', 'september'],
    ],
    ...[
      ['may', 'may'],
      ['Mar 2008', '2008-03'],
      ['2008 March', '2008-03'],
      ['2008年3月4日', '2008-03-04'],
    ],
    ...[
      ['2008.3', '2008-03'],
      ['2008/3/4', '2008-03-04'],
      ['1970', '1970'],
      ['9998', '9998'],
    ],
    ...[
      ['1969', null],
      ['9999', null],
      ['13月', null],
      ['0月', null],
      ['2008-13', null],
      ['2008-02-30', null],
      ['2008-10 october', null],
    ],
    ...[
      ['ma', null],
      ['marching', null],
      ['next-week', null],
      ['Ma 2008', null],
    ],
  ])('%s is written %s', (typed, canonical) => expect(canonicalDate(typed as string)).toBe(canonical));

  it('is that of who asks', () => {
    // Half past midnight of the 5th in Berlin, half past seven in the morning in Shanghai, the 4th in New York.
    expect(range('today', 'Europe/Berlin')).toEqual(['2026-03-04T23:00:00.000Z', '2026-03-05T23:00:00.000Z']);
    expect(range('today', 'Asia/Shanghai')).toEqual(['2026-03-04T16:00:00.000Z', '2026-03-05T16:00:00.000Z']);
    expect(range('today', 'America/New_York')).toEqual([
      '2026-03-04T05:00:00.000Z',
      '2026-03-05T05:00:00.000Z',
    ]);
    expect(range('today', 'No/Where')).toEqual(range('today'));
  });

  it('has 23 and 25 hours where the clocks are changed', () => {
    const hours = (when: string) => {
      const { from, to } = rangeOfDate(when, now, 'Europe/Berlin');
      return (to - from) / 3_600_000;
    };
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-10-26')]).toEqual([23, 25, 24]);
  });

  const span = (when: string, zone: string) => {
    const { from, to } = rangeOfDate(when, now, zone);
    return [from, to].map((at) => new Date(at).toISOString().slice(0, 16));
  };

  test.each([
    // Midnight is left out: the day begins at one.
    ['2024-09-08', 'America/Santiago', '2024-09-08T04:00', '2024-09-09T03:00'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00', '2018-11-05T02:00'],
    ['2022-03-27', 'Asia/Beirut', '2022-03-26T22:00', '2022-03-27T21:00'],
    // At one it is midnight again: still the same day.
    ['2021-10-29', 'Asia/Amman', '2021-10-28T21:00', '2021-10-29T22:00'],
    // At midnight it is 23:00 again: the day before has 25 hours.
    ['2024-04-06', 'America/Santiago', '2024-04-06T03:00', '2024-04-07T04:00'],
    ['2024-04-07', 'America/Santiago', '2024-04-07T04:00', '2024-04-08T04:00'],
    ['2023-10-29', 'Asia/Beirut', '2023-10-28T22:00', '2023-10-29T22:00'],
    // A minute after midnight it is 23:01 again.
    ['2006-10-29', 'America/St_Johns', '2006-10-29T03:30', '2006-10-30T03:30'],
    // The other side of the date line: there was no such day.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00', '2011-12-30T10:00'],
  ])('%s in %s', (when, zone, from, to) => expect(span(when, zone)).toEqual([from, to]));

  it('each moment is in the day that the clock on the wall says, in every zone of the platform', () => {
    // A sample of zones and days; EVERY_DAY=1 walks all zones and ten years.
    const all = process.env.EVERY_DAY === '1';
    const zones = Intl.supportedValuesOf('timeZone');
    const chosen = all ? zones : zones.filter((_, i) => i % 23 === 0);
    for (const timeZone of chosen) {
      const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
      let end = rangeOfDate('2015-12-31', now, timeZone).to;
      const days = all ? 3_653 : 366;
      for (let n = 0; n < days; n++) {
        const day = new Date(Date.UTC(2016, 0, 1 + n)).toISOString().slice(0, 10);
        const { from, to } = rangeOfDate(day, now, timeZone);
        expect(from, `${timeZone} ${day}`).toBe(end);
        end = to;
        if (to === from) continue;
        expect([wall.format(from), wall.format(to - 1)], `${timeZone} ${day}`).toEqual([day, day]);
      }
    }
  });

  it('days follow each other without a gap, in any zone', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Apia',
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 25_000 }), zone, (day, timeZone) => {
        const iso = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10);
        expect(rangeOfDate(iso(day), now, timeZone).to).toBe(rangeOfDate(iso(day + 1), now, timeZone).from);
      }),
    );
  });
});

test.each(['2008-13', '2008-00-01', '2007-02-29', '08-10-02', '1969', 'm', 'next-week', '13月', ''])(
  '%j is no date',
  (text) => expect(canonicalDate(text)).toBeNull(),
);
