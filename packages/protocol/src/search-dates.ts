/**
 * Dates of the search language. A canonical one is `2008-10-02`, `2008-10`, `2008`, the name of a month (the last
 * such month that has begun), `may-07` (the last such day), or one of RELATIVE. They are converted to times only when
 * the search runs, by the clock and the time zone of the caller.
 */

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];
const RELATIVE = [
  ...['today', 'yesterday', 'this-week', 'last-week'],
  ...['this-month', 'last-month', 'this-year', 'last-year'],
];

const CHINESE: Record<string, string> = {
  今天: 'today',
  昨天: 'yesterday',
  本周: 'this-week',
  这周: 'this-week',
  上周: 'last-week',
  本月: 'this-month',
  这个月: 'this-month',
  上月: 'last-month',
  上个月: 'last-month',
  今年: 'this-year',
  去年: 'last-year',
};

const FIRST_YEAR = 1970;
const LAST_YEAR = 9998;

const pad = (n: number) => String(n).padStart(2, '0');
const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The canonical form of a date as people write it, or null where it is none. */
export const canonicalDate = (text: string): string | null => {
  const word = text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  const relative = CHINESE[word] ?? word.replace(/[ _]/g, '-');
  if (RELATIVE.includes(relative)) return relative;
  const named = namedDate(word);
  if (named) return named;
  const numbers = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})[日号]?|月?)?|年?)$/u.exec(
    word.replace(/(?<=[年月]) | (?=[年月日号])/gu, ''),
  );
  if (!numbers) return null;
  const [, year, m, d] = numbers;
  return dateOf(Number(year), m === undefined ? null : Number(m), d === undefined ? null : Number(d));
};

/** With the name of a month, in any order: `oct 2008`, `may 7 2013`, `7th of May, 2013`, `2013-may-7`, `5月7日`. */
const namedDate = (word: string): string | null => {
  // A month in numbers needs no name: in `2008-10 october` the name is a word of its own.
  if (/^\d{4}[-/.]\d{1,2}\s/.test(word)) return null;
  const parts = word
    .replace(/(?<=\d) ?月 ?(?=\d)/u, '月 ')
    .split(/[\s,./-]+/u)
    .filter((part) => part !== '' && part !== 'of' && part !== 'the');
  const found: { month?: number; day?: number; year?: number } = {};
  for (const part of parts) {
    const month = monthOf(part);
    const day = /^(\d{1,2})(?:st|nd|rd|th|[日号])?$/u.exec(part);
    const [key, value] = month
      ? (['month', month] as const)
      : day
        ? (['day', Number(day[1])] as const)
        : (['year', /^\d{4}$/.test(part) ? Number(part) : 0] as const);
    if (value === 0 || found[key] !== undefined) return null;
    found[key] = value;
  }
  const { month, day, year } = found;
  if (month === undefined) return null;
  if (year !== undefined) return dateOf(year, month, day ?? null);
  if (day === undefined) return MONTHS[month - 1] as string;
  // A year that has a 29th of February.
  return day <= daysIn(2000, month) ? `${MONTHS[month - 1]}-${pad(day)}` : null;
};

const monthOf = (word: string): number | null => {
  const chinese = /^(1[0-2]|[1-9])月$/.exec(word);
  if (chinese) return Number(chinese[1]);
  const index =
    word.length >= 3 ? MONTHS.findIndex((name) => name === word || name.slice(0, 3) === word) : -1;
  return index >= 0 ? index + 1 : word === 'sept' ? 9 : null;
};

const dateOf = (year: number, month: number | null, day: number | null): string | null => {
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  if (month === null) return String(year);
  if (month < 1 || month > 12) return null;
  if (day === null) return `${year}-${pad(month)}`;
  return day >= 1 && day <= daysIn(year, month) ? `${year}-${pad(month)}-${pad(day)}` : null;
};

/** Milliseconds since 1970, `from` inclusive, `to` exclusive. */
export interface TimeRange {
  from: number;
  to: number;
}

/** The time that a canonical date spans for someone in this zone (an IANA name; UTC where it is not known). */
export const rangeOfDate = (when: string, now: number, timeZone = 'UTC'): TimeRange => {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const [year, month, day] = localDay(now, zone);
  const span = (from: [number, number, number], to: [number, number, number]): TimeRange => ({
    from: startOfDay(from, zone),
    to: startOfDay(to, zone),
  });
  const ofMonth = (y: number, m: number) => span([y, m, 1], [y, m + 1, 1]);
  const ofYear = (y: number) => span([y, 1, 1], [y + 1, 1, 1]);
  const monday = day - ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7);
  switch (when) {
    case 'today':
      return span([year, month, day], [year, month, day + 1]);
    case 'yesterday':
      return span([year, month, day - 1], [year, month, day]);
    case 'this-week':
      return span([year, month, monday], [year, month, monday + 7]);
    case 'last-week':
      return span([year, month, monday - 7], [year, month, monday]);
    case 'this-month':
      return ofMonth(year, month);
    case 'last-month':
      return ofMonth(year, month - 1);
    case 'this-year':
      return ofYear(year);
    case 'last-year':
      return ofYear(year - 1);
  }
  const named = MONTHS.indexOf(when) + 1;
  if (named > 0) return ofMonth(named > month ? year - 1 : year, named);
  const ofYearDay = /^([a-z]+)-(\d{2})$/.exec(when);
  if (ofYearDay) {
    const [m, d] = [MONTHS.indexOf(ofYearDay[1] as string) + 1, Number(ofYearDay[2])];
    let y = m > month || (m === month && d > day) ? year - 1 : year;
    while (d > daysIn(y, m)) y--;
    return span([y, m, d], [y, m, d + 1]);
  }
  const [y, m, d] = when.split('-').map(Number) as [number, number?, number?];
  if (m === undefined) return ofYear(y);
  return d === undefined ? ofMonth(y, m) : span([y, m, d], [y, m, d + 1]);
};

export const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(formatter(name));
  } catch {
    return false;
  }
};

/** Names come from clients, and the same zone can be written in many ways. */
const MAX_FORMATTERS = 500;
const formatters = new Map<string, Intl.DateTimeFormat>();
const formatter = (timeZone: string): Intl.DateTimeFormat => {
  let known = formatters.get(timeZone);
  if (!known) {
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    known = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formatters.set(timeZone, known);
  }
  return known;
};

const localParts = (at: number, zone: string): Record<string, number> =>
  Object.fromEntries(
    formatter(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );

const localDay = (at: number, zone: string): [number, number, number] => {
  const { year, month, day } = localParts(at, zone) as Record<'year' | 'month' | 'day', number>;
  return [year, month, day];
};

/** What the clocks of the zone are ahead of UTC at this moment, in ms. */
const offsetAt = (at: number, zone: string): number => {
  const p = localParts(at, zone) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(at / 1_000) * 1_000;
};

const DAY = 86_400_000;

/**
 * The first moment of a day there; months and days out of range roll over, as in Date.UTC. Where clocks are changed at
 * midnight, the day begins with its first moment after which it is never the day before again: an hour later where there
 * is no midnight, after the second 23:00 where that hour comes twice. A day that a zone has left out is empty.
 */
const startOfDay = ([year, month, day]: [number, number, number], zone: string): number => {
  const midnight = Date.UTC(year, month - 1, day);
  if (zone === 'UTC') return midnight;
  const [before, after] = [offsetAt(midnight - DAY, zone), offsetAt(midnight + DAY, zone)];
  if (before === after) return midnight - before;
  const change = changeBetween(midnight - DAY, midnight + DAY, before, zone);
  const [early, late] = [midnight - before, midnight - after];
  // It is midnight before the change, and not the day before again after it.
  if (early < change && change + after >= midnight) return early;
  return late >= change ? late : change;
};

/** The moment at which the clocks are changed, once in this span, at its start `before` ahead of UTC. To the second. */
const changeBetween = (from: number, to: number, before: number, zone: string): number => {
  let [low, high] = [from / 1_000, to / 1_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1_000, zone) === before) low = middle;
    else high = middle;
  }
  return high * 1_000;
};
