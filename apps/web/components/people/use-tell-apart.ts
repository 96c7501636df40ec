'use client';

import type { Person } from '@lockstep/protocol';
import { useFormatter } from 'next-intl';
import { useCallback } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';

/** Shown characters of the id, which is unique; enough to compare. */
const END = 4;

/**
 * For a person whose name looks like another one: the date they joined and the end of the id, which cannot be
 * imitated. Null for everybody else.
 */
export const useDistinguishingLabel = (): ((person: Pick<Person, 'id' | 'lookAlike'>) => string | null) => {
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
