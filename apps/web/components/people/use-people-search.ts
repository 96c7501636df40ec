'use client';

import { LIMITS, type Person } from '@lockstep/protocol';
import { useEffect, useState } from 'react';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { useEngineIfAny } from '@/lib/sync/index.ts';

const DEBOUNCE_MS = 150;

interface PeopleSearch {
  people: readonly Person[];
  /** The query that `people` answers. */
  answered: string | null;
  error: ReturnType<typeof errorOf>['code'] | null;
}

/**
 * People by name as one types; the empty query gives the first page of everybody, null asks for nobody. A late answer is
 * dropped. With `active`, without those who were deactivated: nobody writes to them.
 */
export const usePeopleSearch = (query: string | null, { active = false } = {}): PeopleSearch => {
  const [state, setState] = useState<PeopleSearch>({ people: [], answered: null, error: null });
  const engine = useEngineIfAny();
  const asked = query === null ? null : [...query.trim()].slice(0, LIMITS.query).join('');
  useEffect(() => {
    if (asked === null) return;
    const abort = new AbortController();
    const timer = setTimeout(
      async () => {
        try {
          const people = await api.people.search.query(
            { query: asked, limit: 50, active },
            { signal: abort.signal },
          );
          if (abort.signal.aborted) return;
          engine?.applyPeople(people);
          setState({ people, answered: asked, error: null });
        } catch (error) {
          if (!abort.signal.aborted) setState((was) => ({ ...was, error: errorOf(error).code }));
        }
      },
      asked === '' ? 0 : DEBOUNCE_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked, active, engine]);
  return state;
};
