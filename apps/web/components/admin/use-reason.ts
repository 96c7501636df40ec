'use client';

import { useCallback, useEffect, useState } from 'react';

const KEY = 'lockstep.admin.reason';
/** How long a reason is reused, counted from the last access. */
const KEPT_MS = 15 * 60 * 1_000;

const read = (): string => {
  try {
    const { text, until } = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? {};
    return typeof text === 'string' && until > Date.now() ? text : '';
  } catch {
    return '';
  }
};

/** The reason for accesses, kept in this tab only; every access still has its own audit row. */
export const useReason = () => {
  const [reason, setReason] = useState('');
  useEffect(() => setReason(read()), []);
  const keep = useCallback((text: string) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ text, until: Date.now() + KEPT_MS }));
    } catch {}
  }, []);
  return { reason, setReason, keep };
};
