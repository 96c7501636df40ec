'use client';

import { useLocale } from 'next-intl';
import { useCallback } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { dateFormat } from '@/lib/date-format.ts';

const RELATIVE = [
  ...['today', 'yesterday', 'this-week', 'last-week'],
  ...['this-month', 'last-month', 'this-year', 'last-year'],
] as const;
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];

/** A date of the search language (packages/protocol/src/search-dates.ts) as people of this language say it. */
export const useDateWords = (): ((when: string) => string) => {
  const t = useTranslations('search.when');
  const locale = useLocale();
  return useCallback(
    (when) => {
      if (RELATIVE.includes(when as 'today')) return t(when as 'today');
      const format = (options: Intl.DateTimeFormatOptions, day: string) =>
        dateFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
      const month = MONTHS.indexOf(when) + 1;
      if (month > 0) return format({ month: 'long' }, `2000-${String(month).padStart(2, '0')}-01`);
      const [, name = '', day] = /^([a-z]+)-(\d{2})$/.exec(when) ?? [];
      if (MONTHS.includes(name))
        // A year that has a 29th of February.
        return format(
          { month: 'long', day: 'numeric' },
          `2000-${String(MONTHS.indexOf(name) + 1).padStart(2, '0')}-${day}`,
        );
      if (/^\d{4}-\d{2}$/.test(when)) return format({ year: 'numeric', month: 'short' }, `${when}-01`);
      if (/^\d{4}-\d{2}-\d{2}$/.test(when)) return format({ dateStyle: 'medium' }, when);
      return when;
    },
    [t, locale],
  );
};
