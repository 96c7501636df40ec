import { ERROR_CODES, LockstepError } from '@lockstep/protocol';
import { expect, test } from 'vitest';
import { directionOf } from '../../components/conversation/markdown/direction.ts';
import { hueOf, initialsOf } from '../../components/ui/initials.ts';
import { isLocale, matchLocale } from '../../i18n/locales.ts';
import { errorOf } from '../../lib/error-of.ts';
import { listTime, mutedUntilText } from '../../lib/list-time.ts';
import { clock, fullTime, shortClock } from '../../lib/time.ts';

test('the language follows the order and the weights of Accept-Language', () => {
  expect(matchLocale('zh-CN,zh;q=0.9,en;q=0.8')).toBe('zh-CN');
  expect(matchLocale('zh-TW')).toBe('zh-CN');
  expect(matchLocale('fr, zh;q=0.4, en;q=0.6')).toBe('en');
  expect(matchLocale('zh;q=0')).toBe('en');
  expect(matchLocale('de')).toBe('en');
  expect(matchLocale(' EN-gb;level=1;q=0.3, ZH;q=0.2')).toBe('en');
  expect(matchLocale('en;q=0.2,zh;q=x')).toBe('zh-CN');
  expect(matchLocale('zh;x=qq=0.1,en;q=0.9')).toBe('zh-CN');
  // Of a header without end only the beginning is read.
  expect(matchLocale(`${'de,'.repeat(170)}zh`)).toBe('en');
  expect([isLocale('en'), isLocale('zh-CN'), isLocale('zh'), isLocale(undefined)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(matchLocale(null)).toBe('en');
});

test('whatever a call throws has a code', () => {
  expect(errorOf(new LockstepError('forbidden'))).toEqual({ code: 'forbidden' });
  expect(errorOf({ data: { code: 'rate_limited', retryAfterMs: 900 } })).toEqual({
    code: 'rate_limited',
    retryAfterMs: 900,
  });
  for (const odd of [null, undefined, 'x', new TypeError('fetch failed'), { data: { code: 'nonsense' } }]) {
    expect(errorOf(odd)).toEqual({ code: 'unavailable' });
  }
  for (const code of ERROR_CODES) expect(errorOf({ data: { code } }).code).toBe(code);
});

test('initials of names in Latin, Chinese, nicknames, nothing', () => {
  expect(initialsOf('Ann Lee')).toBe('AL');
  expect(initialsOf('Ann van der Berg')).toBe('AB');
  expect(initialsOf('ann')).toBe('A');
  expect(initialsOf('王小明')).toBe('小明');
  expect(initialsOf('李雷')).toBe('李雷');
  expect(initialsOf('cool_nick')).toBe('CN');
  expect(initialsOf('🙂')).toBe('🙂');
  expect(initialsOf('')).toBe('');
});

test('a hue is stable and within the circle', () => {
  const hues = Array.from({ length: 100 }, (_, i) => hueOf(`id-${i}`));
  expect(hues).toEqual(Array.from({ length: 100 }, (_, i) => hueOf(`id-${i}`)));
  expect(hues.every((hue) => hue >= 0 && hue < 360)).toBe(true);
  expect(new Set(hues).size).toBeGreaterThan(50);
});

test('times in the list: clock today, then yesterday, weekday, date', () => {
  const now = new Date(2026, 4, 14, 15, 0).getTime();
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();
  const shown = (time: number) => listTime(time, now, 'en-GB', 'Yesterday');
  expect(shown(at(2026, 4, 14, 9, 5))).toBe('09:05');
  expect(shown(at(2026, 4, 14, 0, 0))).toBe('00:00');
  expect(shown(at(2026, 4, 13, 23, 59))).toBe('Yesterday');
  expect(shown(at(2026, 4, 11, 12, 0))).toBe('Mon');
  expect(shown(at(2026, 2, 3, 12, 0))).toBe('3 Mar');
  expect(shown(at(2024, 4, 3, 12, 0))).toBe('03/05/2024');
});

test('the direction of a text is that of its first letter', () => {
  expect(directionOf('hello')).toBe('ltr');
  expect(directionOf('שלום hello')).toBe('rtl');
  expect(directionOf('12 – "مرحبا"')).toBe('rtl');
  expect(directionOf('1. hello שלום')).toBe('ltr');
  expect(directionOf('你好')).toBe('ltr');
  expect(directionOf('12:30 …')).toBeUndefined();
});

test('until when a conversation is muted: the time today, the day otherwise, and for good', () => {
  const now = new Date(2026, 4, 14, 15, 0).getTime();
  const words = { until: (when: string) => `until ${when}`, always: 'always' };
  const shown = (until: number) => mutedUntilText(until, now, 'en-GB', words);
  expect(shown(new Date(2026, 4, 14, 18, 0).getTime())).toBe('until 18:00');
  expect(shown(new Date(2026, 4, 15, 8, 0).getTime())).toMatch(/^until 15 May.* 0?8:00$/);
  const years = 3_650 * 86_400_000;
  expect(shown(now + years)).not.toBe('always');
  expect(shown(now + years + 1)).toBe('always');
});

test('a time of day, as the region writes it, short and in full', () => {
  const at = new Date(2026, 4, 14, 14, 5).getTime();
  expect(clock('en-GB', at)).toBe('14:05');
  expect(clock('en-US', at)).toMatch(/^2:05\sPM$/);
  expect(shortClock('en-US', at)).toBe('2:05');
  expect(shortClock('zh-CN', at)).toBe('14:05');
  expect(fullTime('en-GB', at)).toMatch(/^Thursday,? 14 May 2026.* 14:05$/);
});
