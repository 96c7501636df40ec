'use client';

import type { Person } from '@lockstep/protocol';
import { useFormatter } from 'next-intl';
import { useCallback } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';

/** Of the id, which no two people share; enough to compare. */
const END = 4;

/**
 * For somebody whose name looks like that of another: what no name can feign, since when this person is here and the end
 * of the id. Null for everybody else.
 */
export const useTellApart = (): ((person: Pick<Person, 'id' | 'lookAlike'>) => string | null) => {
  const t = useTranslations('common');
  const format = useFormatter();
  return useCallback(
    ({ id, lookAlike }) =>
      lookAlike === undefined
        ? null
        : t('tellApart', {
            when: format.dateTime(lookAlike, { dateStyle: 'medium', timeStyle: 'short' }),
            end: id.slice(-END).toUpperCase(),
          }),
    [t, format],
  );
};
