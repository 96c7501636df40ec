import { timeZone } from './time-zone.ts';

/** One formatter for each locale, zone and shape: making one takes much longer than using it. */
const made = new Map<string, Intl.DateTimeFormat>();

export const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const shape = { timeZone: timeZone(), ...options };
  const key = `${locale} ${JSON.stringify(shape)}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, shape);
    made.set(key, format);
  }
  return format;
};
