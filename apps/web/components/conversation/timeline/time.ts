import { dateFormat } from '../../../lib/date-format.ts';

/** Dates in the reader's time zone. */

/** `14:05`, in every locale. */
export const clock = (locale: string, at: number): string =>
  dateFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** Day and time in full, for tooltips and screen readers. */
export const fullTime = (locale: string, at: number): string =>
  dateFormat(locale, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
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
