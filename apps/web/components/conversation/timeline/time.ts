/** Dates in the reader's time zone; one formatter per locale and shape, because making one takes longer than using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

const formatter = (locale: string, name: string, options: Intl.DateTimeFormatOptions) => {
  const key = `${locale} ${name}`;
  let made = formatters.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, options);
    formatters.set(key, made);
  }
  return made;
};

/** `14:05`, in every locale. */
export const clock = (locale: string, at: number): string =>
  formatter(locale, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** Day and time in full, for tooltips and screen readers. */
export const fullTime = (locale: string, at: number): string =>
  formatter(locale, 'full', {
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
    ? formatter(locale, 'day', { weekday: 'long', month: 'long', day: 'numeric' }).format(day)
    : formatter(locale, 'date', {
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
    : formatter(locale, 'short', { month: 'short', day: 'numeric', year: 'numeric' }).format(at);
