'use client';

import type { ChannelListing, ErrorCode } from '@lockstep/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';

const PAGE = 30;
const DEBOUNCE_MS = 150;

interface Browse {
  channels: readonly ChannelListing[];
  /** The query that `channels` answers; null until the first answer. */
  answered: string | null;
  more: boolean;
  loading: boolean;
  error: ErrorCode | null;
  loadMore(): void;
}

/** The directory of public channels, page by page. A late answer to an older query is dropped. */
export const useBrowse = (query: string): Browse => {
  const [channels, setChannels] = useState<readonly ChannelListing[]>([]);
  const [answered, setAnswered] = useState<string | null>(null);
  const [more, setMore] = useState(false);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ErrorCode | null>(null);
  const turn = useRef(0);

  const load = useCallback(async (asked: string, offset: number) => {
    const current = ++turn.current;
    setLoading(true);
    try {
      const page = await api.conversations.browse.query({ query: asked, offset, limit: PAGE });
      if (current !== turn.current) return;
      setChannels((was) => {
        const known = new Set(offset === 0 ? [] : was.map((channel) => channel.id));
        return [...(offset === 0 ? [] : was), ...page.filter((channel) => !known.has(channel.id))];
      });
      setAnswered(asked);
      setMore(page.length === PAGE);
      setError(null);
    } catch (thrown) {
      if (current === turn.current) setError(errorOf(thrown).code);
    } finally {
      if (current === turn.current) setLoading(false);
    }
  }, []);

  const asked = query.trim();
  useEffect(() => {
    const timer = setTimeout(() => void load(asked, 0), asked === '' ? 0 : DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      turn.current++;
    };
  }, [asked, load]);

  return {
    channels,
    answered,
    more,
    loading,
    error,
    loadMore: () => void load(answered ?? '', channels.length),
  };
};
