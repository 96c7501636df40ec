'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { useEffect, useState } from 'react';
import { useEngine } from '@/lib/sync/index.ts';
import { hasMessage, type Opening, openingOf } from './view-positions.ts';

interface Opened {
  /** Null until the conversation is known. */
  opening: Opening | null;
  /** `missing`: the message does not exist or is not visible to the user. */
  state: 'loading' | 'ready' | 'missing';
}

/**
 * Chooses once where a conversation opens: a linked message, the first unread one however far back, the last viewed
 * one, or the end.
 */
export const useOpening = (
  conversationId: string,
  entry: InboxEntry | undefined,
  linked: number | null,
): Opened => {
  const engine = useEngine();
  const [opening, setOpening] = useState<Opening | null>(() => (entry ? openingOf(entry, linked) : null));
  const [state, setState] = useState<Opened['state']>('loading');
  if (!opening && entry) setOpening(openingOf(entry, linked));
  // Removed, and perhaps added again later: then it opens anew.
  if (opening && !entry) {
    setOpening(null);
    setState('loading');
  }
  // The address was corrected or left.
  if (state === 'missing' && entry && opening?.at === 'message' && opening.seq !== linked) {
    setState('loading');
    setOpening(openingOf(entry, linked));
  }

  useEffect(() => {
    let live = true;
    const held = engine.getState().timelines.get(conversationId);
    const around = async (seq: number, at: Opening['at']) => {
      if (!hasMessage(held, seq)) await engine.loadAround(conversationId, seq);
      if (!live) return;
      const now = engine.getState().timelines.get(conversationId);
      const found = hasMessage(now, seq);
      // The last viewed message is a convenience: if it cannot be loaded (offline), the newest messages are shown.
      if (!found && at !== 'message') void engine.jumpToNewest(conversationId);
      else void engine.open(conversationId);
      setState(found || at !== 'message' || now?.error ? 'ready' : 'missing');
    };
    if (opening && opening.at !== 'newest') void around(opening.seq, opening.at);
    else {
      void engine.open(conversationId);
      // The window may still be at the last scroll position.
      if (opening && held?.hasAfter && held.messages.length > 0) void engine.jumpToNewest(conversationId);
      if (opening) setState('ready');
    }
    return () => {
      live = false;
    };
  }, [engine, conversationId, opening]);
  return { opening, state };
};
