'use client';

import { type ReactNode, useEffect } from 'react';
import { onAccountChange } from '@/lib/account.ts';
import { endSession } from '@/lib/end-session.ts';
import { useEngine, useSync } from '@/lib/sync/index.ts';
import { BootScreen } from './boot-screen.tsx';

/**
 * Handles the end of a session. Signed out here, in another tab or from another device: local data is wiped, nothing
 * stays visible, and the sign-in page opens. Expired: everything stays, and the banner asks to sign in again.
 */
export function SessionEnd({ children }: { children: ReactNode }) {
  const engine = useEngine();
  const because = useSync((state) => (state.connection === 'ended' ? state.endedBecause : null));
  const gone = because === 'revoked' || because === 'signed_out';

  useEffect(() => {
    if (gone) void endSession(engine, because === 'revoked' ? '/sign-in?ended=revoked' : '/sign-in');
  }, [engine, gone, because]);

  // The other tab wipes as well; this one has to close the database and clear its memory.
  useEffect(() => onAccountChange((account) => account || void endSession(engine, '/sign-in')), [engine]);

  return gone ? <BootScreen /> : children;
}
