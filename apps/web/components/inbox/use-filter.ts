'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { useEngine, useInbox, useSync } from '@/lib/sync/index.ts';
import { filterEntries } from './sections.ts';

interface Filter {
  query: string;
  setQuery(query: string): void;
  /** Empty while there is no query. */
  results: readonly InboxEntry[];
  highlighted: number;
  move(by: 1 | -1): void;
}

const NONE: readonly InboxEntry[] = [];

/** Search-as-you-type over the names in the list; the list itself answers, so it works offline. */
export const useFilter = (): Filter => {
  const t = useTranslations('common');
  const { me } = useMe();
  const engine = useEngine();
  const [query, setText] = useState('');
  const [highlighted, setHighlighted] = useState(0);
  const deferred = useDeferredValue(query.trim());
  const active = deferred !== '';
  const entries = useInbox();
  const people = useSync((state) => (active ? state.people : null));

  // Names of people in rows never looked at are not here yet.
  useEffect(() => {
    if (!active) return;
    const peers = entries.flatMap((entry) => (entry.peerId ? [entry.peerId] : []));
    if (peers.length > 0) engine.needPeople(peers);
  }, [active, engine, entries]);

  const results = useMemo(
    () =>
      people
        ? filterEntries(entries, deferred, ({ conversation, peerId }) =>
            peerId === null
              ? (conversation.title ?? '')
              : peerId === me.id
                ? `${t('notesToSelf')} ${me.name}`
                : (people.get(peerId)?.name ?? ''),
          )
        : NONE,
    [people, entries, deferred, me, t],
  );
  const last = Math.max(0, results.length - 1);
  return {
    query,
    setQuery(next) {
      setText(next);
      setHighlighted(0);
    },
    results,
    highlighted: Math.min(highlighted, last),
    move(by) {
      setHighlighted((at) => Math.min(last, Math.max(0, Math.min(at, last) + by)));
    },
  };
};
