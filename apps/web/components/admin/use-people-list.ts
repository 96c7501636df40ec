'use client';

import {
  type ErrorCode,
  LIMITS,
  type ManagedPeoplePage,
  type ManagedPerson,
  type PeopleFilter,
} from '@lockstep/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';

/** Debounce of typing, in ms. */
const DEBOUNCE_MS = 200;

interface PeopleList {
  /** Null until first loaded. */
  people: readonly ManagedPerson[] | null;
  counts: ManagedPeoplePage['counts'];
  /** There are more of them. */
  more: boolean;
  loading: boolean;
  error: ErrorCode | null;
  loadMore(): void;
  /** Reloads as many as are shown. */
  reload(): Promise<void>;
}

/** People as admins see them, page by page. The answer to an earlier question is dropped. */
export const usePeopleList = (query: string, filter: PeopleFilter): PeopleList => {
  const [people, setPeople] = useState<readonly ManagedPerson[] | null>(null);
  const [counts, setCounts] = useState<ManagedPeoplePage['counts']>(null);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ErrorCode | null>(null);
  const turn = useRef(0);
  const asked = [...query.trim()].slice(0, LIMITS.query).join('');

  const read = useCallback(
    async (after: string | null, known: readonly ManagedPerson[], atLeast = 0) => {
      const current = ++turn.current;
      setLoading(true);
      try {
        let all = known;
        let from = after;
        let first: ManagedPeoplePage['counts'] = null;
        do {
          const page: ManagedPeoplePage = await api.admin.people.query({
            query: asked,
            filter,
            limit: LIMITS.page,
            ...(from ? { after: from } : {}),
          });
          if (current !== turn.current) return;
          all = [...all, ...page.people];
          first ??= page.counts;
          from = page.next;
        } while (from && all.length < atLeast);
        setPeople(all);
        setNext(from);
        if (first) setCounts(first);
        setError(null);
      } catch (thrown) {
        if (current === turn.current) setError(errorOf(thrown).code);
      } finally {
        if (current === turn.current) setLoading(false);
      }
    },
    [asked, filter],
  );

  useEffect(() => {
    const timer = setTimeout(() => void read(null, []), asked === '' ? 0 : DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [read, asked]);

  return {
    people,
    counts,
    more: next !== null,
    loading,
    error,
    loadMore: () => void (people && next && read(next, people)),
    reload: () => read(null, [], people?.length),
  };
};
