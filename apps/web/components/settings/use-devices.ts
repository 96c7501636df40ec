'use client';

import type { DeviceList, ErrorCode } from '@lockstep/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { useSync } from '@/lib/sync/index.ts';

/** While the page is in view, in ms. */
const REFRESH_MS = 5_000;

interface Devices {
  /** Null until they are there for the first time. */
  list: DeviceList | null;
  /** Of the last attempt. */
  error: ErrorCode | null;
  refresh(): Promise<void>;
}

/** Every device of this person, kept fresh while somebody looks. */
export const useDevices = (): Devices => {
  const [list, setList] = useState<DeviceList | null>(null);
  const [error, setError] = useState<ErrorCode | null>(null);
  const asked = useRef(0);
  const online = useSync((state) => state.connection === 'online');

  const refresh = useCallback(async () => {
    const turn = ++asked.current;
    try {
      const next = await api.devices.list.query();
      // An outdated answer would show a revoked device again for a moment.
      if (turn !== asked.current) return;
      setList(next);
      setError(null);
    } catch (thrown) {
      if (turn === asked.current) setError(errorOf(thrown).code);
    }
  }, []);

  // Again at once when the connection changes: devices that come and go mostly do with the network.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    void refresh();
    const refreshIfVisible = () => document.visibilityState === 'visible' && void refresh();
    const timer = setInterval(refreshIfVisible, REFRESH_MS);
    document.addEventListener('visibilitychange', refreshIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refreshIfVisible);
    };
  }, [refresh, online]);

  return { list, error, refresh };
};
