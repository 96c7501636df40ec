import { dateFormat } from './date-format.ts';
import { CLOCK, clock } from './time.ts';

const DAY = 86_400_000;
const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Time of a last message as lists show it: 14:05, Yesterday, Tue, 3 May, 03/05/2024. In the zone and way of the device. */
export const listTime = (at: number, now: number, locale: string, yesterday: string): string => {
  const format = (options: Intl.DateTimeFormatOptions) => dateFormat(locale, options).format(at);
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY);
  if (days <= 0) return clock(locale, at);
  if (days === 1) return yesterday;
  if (days < 7) return format({ weekday: 'short' });
  if (new Date(at).getFullYear() === new Date(now).getFullYear())
    return format({ month: 'short', day: 'numeric' });
  return format({ year: 'numeric', month: 'numeric', day: 'numeric' });
};

/** "Until 18:00", "Until 3 May", or for good. */
export const mutedUntilText = (
  until: number,
  now: number,
  locale: string,
  words: { until(when: string): string; always: string },
): string => {
  if (until - now > 3_650 * DAY) return words.always;
  const sameDay = startOfDay(until) === startOfDay(now);
  const shape: Intl.DateTimeFormatOptions = sameDay ? CLOCK : { month: 'short', day: 'numeric', ...CLOCK };
  return words.until(dateFormat(locale, shape).format(until));
};
