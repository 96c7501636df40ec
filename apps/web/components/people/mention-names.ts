'use client';

import { mentionsIn, withNames as named } from '@lockstep/protocol';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { isolated } from '@/lib/isolated.ts';
import { sameElements, useEngine, useSync } from '@/lib/sync/index.ts';

/** The text with `@Name` for each mention, for where plain text is shown or copied. */
export const withNames = (text: string, nameOf: (userId: string) => string): string =>
  named(text, (userId) => `@${nameOf(userId)}`);

/** Names as this device knows them when they are asked for. */
export const useNameOf = (): ((userId: string) => string) => {
  const engine = useEngine();
  const t = useTranslations('common');
  return useCallback((id) => engine.getState().people.get(id)?.name ?? t('someone'), [engine, t]);
};

const asItIs = (mention: string): string => mention;

/** `withNames` as it is copied, with the names as they are now; those not known yet are asked for. */
export const useNamed = (text: string, shape: (mention: string) => string = asItIs): string => {
  const engine = useEngine();
  const t = useTranslations('common');
  const userIds = useMemo(() => mentionsIn(text), [text]);
  useEffect(() => {
    if (userIds.length > 0) engine.needPeople([...userIds]);
  }, [engine, userIds]);
  const names = useSync((state) => userIds.map((id) => state.people.get(id)?.name), sameElements);
  return useMemo(
    () => named(text, (id) => shape(`@${names[userIds.indexOf(id)] ?? t('someone')}`)),
    [text, names, userIds, t, shape],
  );
};

/** The same to be read: a name has a direction of its own. */
export const useReadable = (text: string): string => useNamed(text, isolated);
