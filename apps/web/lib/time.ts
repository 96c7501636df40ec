import { dateFormat } from './date-format.ts';

/** Dates in the reader's time zone, and in the way of their region. */

const TIME = { timeStyle: 'short' } as const;
/** A time that follows a date. */
export const CLOCK = { hour: 'numeric', minute: '2-digit' } as const;

/** `14:05` or `2:05 PM`, as it is written in the reader's region. */
export const clock = (locale: string, at: number): string => dateFormat(locale, TIME).format(at);

/** The same without what says of which half of the day it is, for where there is room for five signs. */
export const shortClock = (locale: string, at: number): string =>
  dateFormat(locale, TIME)
    .formatToParts(at)
    .filter(({ type }) => type === 'hour' || type === 'minute' || type === 'literal')
    .map(({ value }) => value)
    .join('')
    .trim();

/** Day and time in full, for tooltips and screen readers. */
export const fullTime = (locale: string, at: number): string =>
  dateFormat(locale, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    ...CLOCK,
  }).format(at);

/** Midnight, by the reader's clock, of the day that `at` is in: equal for two times of one day. */
export const dayOf = (at: number): number => {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
};

/** `Today`, `Yesterday`, `Monday, 3 March`, or with the year where it is not this one. */
export const dayLabel = (
  locale: string,
  day: number,
  today: number,
  words: { today: string; yesterday: string },
): string => {
  if (day === today) return words.today;
  if (day === dayOf(today - 12 * 3_600_000)) return words.yesterday;
  const sameYear = new Date(day).getFullYear() === new Date(today).getFullYear();
  return sameYear
    ? dateFormat(locale, { weekday: 'long', month: 'long', day: 'numeric' }).format(day)
    : dateFormat(locale, {
        weekday: 'short',
        year: 'numeric',
        month: 'long',
        day: 'numeric',
      }).format(day);
};

/** Time today, day otherwise: for "last seen". */
export const shortTime = (locale: string, at: number, now: number): string =>
  dayOf(at) === dayOf(now)
    ? clock(locale, at)
    : dateFormat(locale, { month: 'short', day: 'numeric', year: 'numeric' }).format(at);
