import { expect, it } from 'vitest';
import { listTime } from '../../lib/list-time.ts';
import { firstDayOfWeek, languageOf, regional } from '../../lib/region.ts';
import { clock, fullTime, shortClock } from '../../lib/time.ts';

const at = new Date(2026, 10, 28, 17, 11).getTime();

it.each([
  ['en', 'en-GB', '17:11', 'Saturday 28 November 2026 at 17:11', 1],
  ['en', 'en-US', '5:11 PM', 'Saturday, November 28, 2026 at 5:11 PM', 0],
  ['en', 'de-DE', '17:11', 'Saturday 28 November 2026 at 17:11', 1],
  ['zh-CN', 'zh-CN', '17:11', '2026年11月28日星期六 17:11', 1],
  ['zh-CN', 'en-US', '17:11', '2026年11月28日星期六 17:11', 0],
])('%s in a browser of %s', (language, browser, time, full, firstDay) => {
  const locale = regional(language, browser);
  // The space before PM is a narrow one in some versions of Unicode's data.
  expect(clock(locale, at).replace(/\s/g, ' ')).toBe(time);
  expect(shortClock(locale, at)).toBe(time.replace(' PM', ''));
  expect(fullTime(locale, at).replace(/\s/g, ' ').replace('Saturday, 28', 'Saturday 28')).toBe(full);
  expect(languageOf(locale)).toBe(language);
  expect(firstDayOfWeek(locale) % 7 === 0 ? 0 : firstDayOfWeek(locale)).toBe(
    browser.startsWith('zh') ? firstDayOfWeek(locale) : firstDay,
  );
});

it.each([
  ['en', 'en-GB', '28/11/2024'],
  ['en', 'en-US', '11/28/2024'],
  ['en', 'de-DE', '28/11/2024'],
  ['zh-CN', 'de-DE', '2024/11/28'],
])('a date in numbers: %s in a browser of %s is %s', (language, browser, date) =>
  expect(listTime(new Date(2024, 10, 28).getTime(), at, regional(language, browser), 'Yesterday')).toBe(date),
);

it('the week begins on Monday where the browser does not tell', () => {
  const kept = Object.getOwnPropertyDescriptors(Intl.Locale.prototype) as Record<string, PropertyDescriptor>;
  for (const name of ['getWeekInfo', 'weekInfo']) Reflect.deleteProperty(Intl.Locale.prototype, name);
  try {
    expect([firstDayOfWeek('en-US'), firstDayOfWeek('ar-EG')]).toEqual([1, 1]);
  } finally {
    for (const name of ['getWeekInfo', 'weekInfo'])
      if (kept[name]) Object.defineProperty(Intl.Locale.prototype, name, kept[name]);
  }
});

it('a tag that is none leaves the language of the interface', () => {
  expect(regional('en', '!!')).toBe('en');
  expect(regional('en', 'C')).toBe('en');
});
