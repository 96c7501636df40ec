'use client';

import type { Me } from '@lockstep/protocol';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

interface MeState {
  me: Me;
  /** After a change of one's own name. */
  setMe(me: Me): void;
}

const Context = createContext<MeState | null>(null);

export function MeProvider({ me: initial, children }: { me: Me; children: ReactNode }) {
  const [me, setMe] = useState(initial);
  return <Context value={useMemo(() => ({ me, setMe }), [me])}>{children}</Context>;
}

export const useMe = (): MeState => {
  const state = useContext(Context);
  if (!state) throw new Error('useMe needs <MeProvider>');
  return state;
};
