'use client';

import { type InboxEntry, LIMITS, type Message } from '@lockstep/protocol';
import { useEffect, useState } from 'react';
import { api } from '@/lib/api.ts';
import { useSync } from '@/lib/sync/index.ts';

/**
 * The messages after the read position: from the window where it holds them all, otherwise from the server, at most one
 * page. `messages` is null where they cannot be had (offline, or more than a page).
 */
export const useUnreadMessages = (
  entry: InboxEntry,
): { messages: readonly Message[] | null; pending: boolean } => {
  const { id, headSeq, headRev } = entry.conversation;
  const { readSeq } = entry;
  const timeline = useSync((state) => state.timelines.get(id));
  const first = timeline?.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const last = timeline?.messages.at(-1)?.seq ?? 0;
  const held = headSeq === readSeq || (first <= readSeq + 1 && last >= headSeq);
  const wanted = !held && headSeq - readSeq <= LIMITS.page;
  const [fetched, setFetched] = useState<{ of: string; messages: readonly Message[] | null } | null>(null);
  const of = `${id} ${readSeq} ${headRev}`;
  useEffect(() => {
    if (!wanted) return;
    let live = true;
    api.messages.after.query({ conversationId: id, seq: readSeq, limit: LIMITS.page }).then(
      (page) => live && setFetched({ of, messages: page.messages }),
      () => live && setFetched({ of, messages: null }),
    );
    return () => {
      live = false;
    };
  }, [wanted, id, readSeq, of]);
  if (held) return { messages: timeline?.messages ?? [], pending: false };
  return { messages: fetched?.messages ?? null, pending: wanted && fetched?.of !== of };
};
