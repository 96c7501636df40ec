'use client';

import type { Me } from '@lockstep/protocol';
import { createContext, type ReactNode, useContext, useMemo } from 'react';

interface MeState {
  me: Me;
  /** After a change of one's own name. */
  setMe(me: Me): void;
}

const Context = createContext<MeState | null>(null);

export function MeProvider({ me, onMe, children }: { me: Me; onMe: (me: Me) => void; children: ReactNode }) {
  return <Context value={useMemo(() => ({ me, setMe: onMe }), [me, onMe])}>{children}</Context>;
}

export const useMe = (): MeState => {
  const state = useContext(Context);
  if (!state) throw new Error('useMe needs <MeProvider>');
  return state;
};
