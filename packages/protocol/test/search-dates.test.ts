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
  ])('%s', (when, from, to) => {
    expect(canonicalDate(when)).toBe(when);
    expect(range(when)).toEqual([`${from}T00:00:00.000Z`, `${to}T00:00:00.000Z`]);
  });

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
