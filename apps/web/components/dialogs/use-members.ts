'use client';

import type { ErrorCode, Member, Person } from '@lockstep/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { useEngine, useSync } from '@/lib/sync/index.ts';

const PAGE = 100;

export type ListedMember = Member & { person: Person };

interface Members {
  members: readonly ListedMember[];
  loading: boolean;
  more: boolean;
  error: ErrorCode | null;
  loadMore(): void;
  reload(): void;
}

/**
 * The members of a conversation, page by page. A system message at the head may be a change of membership, so the pages
 * in sight are loaded again when one comes in.
 */
export const useMembers = (conversationId: string): Members => {
  const engine = useEngine();
  const [members, setMembers] = useState<readonly ListedMember[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ErrorCode | null>(null);
  const turn = useRef(0);
  const pages = useRef(1);
  const changed = useSync((state) => {
    const entry = state.inbox.get(conversationId);
    return `${entry?.conversation.memberCount}:${entry?.role}:${entry?.last?.system ? entry.last.rev : ''}`;
  });

  const load = useCallback(
    async (after: string | null, count: number) => {
      const current = ++turn.current;
      setLoading(true);
      try {
        let cursor = after;
        const found: ListedMember[] = [];
        for (let page = 0; page < count; page++) {
          const answer = await api.conversations.members.query({
            conversationId,
            limit: PAGE,
            ...(cursor === null ? {} : { afterUserId: cursor }),
          });
          engine.applyPeople(answer.members.map(({ person }) => person));
          found.push(...answer.members);
          cursor = answer.next;
          if (cursor === null) break;
        }
        if (current !== turn.current) return;
        setMembers((was) => (after === null ? found : [...was, ...found]));
        setNext(cursor);
        setError(null);
      } catch (thrown) {
        if (current === turn.current) setError(errorOf(thrown).code);
      } finally {
        if (current === turn.current) setLoading(false);
      }
    },
    [conversationId, engine],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` is what makes it load again
  useEffect(() => {
    void load(null, pages.current);
    return () => {
      turn.current++;
    };
  }, [load, changed]);

  return {
    members,
    loading,
    more: next !== null,
    error,
    loadMore() {
      pages.current++;
      void load(next, 1);
    },
    reload: () => void load(null, pages.current),
  };
};
