import { sampleMessage } from '@lockstep/testing/samples';
import { afterEach, describe, expect, it } from 'vitest';
import { buildRows } from '../../components/conversation/timeline/rows.ts';
import { listTime } from '../../lib/list-time.ts';
import { dayLabel, dayOf, shortTime } from '../../lib/time.ts';

const ZONE = process.env.TZ;
/** Node reads the zone anew whenever it is set. */
const setZone = (zone: string) => {
  process.env.TZ = zone;
};
afterEach(() => {
  if (ZONE === undefined) delete process.env.TZ;
  else process.env.TZ = ZONE;
});

const WORDS = { today: 'Today', yesterday: 'Yesterday' };
const DAY = 86_400_000;

/** The last moment of a day and the first of the next, by the clocks of each place. */
const MIDNIGHTS = [
  ['UTC', '2026-03-03T23:59:59.999Z'],
  ['Asia/Shanghai', '2026-03-03T15:59:59.999Z'],
  ['America/New_York', '2026-03-04T04:59:59.999Z'],
  ['Asia/Kolkata', '2026-03-03T18:29:59.999Z'],
  ['Asia/Kathmandu', '2026-03-03T18:14:59.999Z'],
  ['Pacific/Kiritimati', '2026-03-03T09:59:59.999Z'],
  ['Pacific/Pago_Pago', '2026-03-04T10:59:59.999Z'],
  // The day on which clocks go forward, the one on which they go back, and a midnight that there is not.
  ['Europe/Berlin', '2026-03-29T21:59:59.999Z'],
  ['Europe/Berlin', '2026-10-25T22:59:59.999Z'],
  ['Africa/Cairo', '2026-04-23T21:59:59.999Z'],
] as const;

describe.each(MIDNIGHTS)('around midnight in %s, %s', (zone, last) => {
  const before = Date.parse(last);
  const after = before + 1;

  it('a day ends where its clocks say so', () => {
    setZone(zone);
    expect(dayOf(after)).toBe(after);
    expect(dayOf(before)).toBeLessThan(dayOf(after));
    expect(dayOf(before)).toBe(dayOf(before - 3_600_000));
    expect(dayOf(after)).toBe(dayOf(after + 3_600_000));
  });

  it('the list has a line for the new day, and names the days', () => {
    setZone(zone);
    const messages = [before - 1_000, before, after].map((createdAt, i) =>
      sampleMessage(i + 1, { createdAt }),
    );
    const rows = buildRows({
      ...{
        messages,
        outbox: [],
        changes: [],
        meId: 'me',
        hasBefore: false,
        hasAfter: false,
        firstNewSeq: null,
      },
    });
    expect(rows.map(({ day }) => day)).toEqual([dayOf(before), null, after]);
    const today = dayOf(after);
    expect(dayLabel('en-GB', dayOf(before), today, WORDS)).toBe('Yesterday');
    expect(dayLabel('en-GB', dayOf(after), today, WORDS)).toBe('Today');
    expect(dayLabel('en-GB', dayOf(dayOf(before) - 1), today, WORDS)).not.toBe('Yesterday');
  });

  it('the list of conversations says Yesterday of what was a moment ago, and the time of what is today', () => {
    setZone(zone);
    expect(listTime(before, after, 'en-GB', 'Yesterday')).toBe('Yesterday');
    expect(listTime(after, after + DAY / 2, 'en-GB', 'Yesterday')).toMatch(/^\d\d:\d\d$/);
    expect(listTime(before, after + DAY + DAY / 2, 'en-GB', 'Yesterday')).toMatch(/^[A-Z][a-z]{2}$/);
  });

  it('"last seen" is a time today and a date before it', () => {
    setZone(zone);
    expect(shortTime('en-GB', after, after + 1)).toMatch(/^\d\d:\d\d$/);
    expect(shortTime('en-GB', before, after)).toMatch(/2026/);
  });
});

it('a day of another year is named with it, also around New Year', () => {
  setZone('Asia/Shanghai');
  const newYear = Date.parse('2025-12-31T16:00:00Z');
  const today = dayOf(newYear + 2 * DAY);
  expect(dayLabel('en-GB', dayOf(newYear - 1), today, WORDS)).toMatch(/2025/);
  expect(dayLabel('en-GB', dayOf(newYear), today, WORDS)).not.toMatch(/202\d/);
});
