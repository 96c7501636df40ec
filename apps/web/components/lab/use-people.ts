'use client';

import type { Person } from '@lockstep/protocol';
import { useEffect, useState } from 'react';

/** People with an account whose name has `query` in it; null until the first answer. */
export const usePeople = (query: string): readonly Person[] | null => {
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    fetch(`/lab/people?q=${encodeURIComponent(query)}`, { signal: abort.signal })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then(setPeople, () => {});
    return () => abort.abort();
  }, [query]);
  return people;
};
