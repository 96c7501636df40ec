'use client';

import { MENTION, mentionsIn } from '@lockstep/protocol';
import { useEffect, useMemo } from 'react';
import { sameElements, useEngine, useSync } from '@/lib/sync/index.ts';

/** The text with `@Name` for each mention, for where plain text is shown or copied. */
export const withNames = (text: string, nameOf: (userId: string) => string | undefined): string =>
  text.includes('<@') ? text.replace(MENTION, (_, userId: string) => `@${nameOf(userId) ?? '…'}`) : text;

/** `withNames` with the names as they are now; those not known yet are asked for. */
export const useNamed = (text: string): string => {
  const engine = useEngine();
  const userIds = useMemo(() => mentionsIn(text), [text]);
  useEffect(() => {
    if (userIds.length > 0) engine.needPeople([...userIds]);
  }, [engine, userIds]);
  const names = useSync((state) => userIds.map((id) => state.people.get(id)?.name), sameElements);
  return useMemo(() => withNames(text, (id) => names[userIds.indexOf(id)]), [text, names, userIds]);
};
