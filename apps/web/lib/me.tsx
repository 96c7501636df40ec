'use client';

import type { Me, Person } from '@lockstep/protocol';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useNewest } from './sync/index.ts';

interface MeState {
  me: Me;
  /** After a change of one's own name. */
  setMe(me: Me): void;
}

const Context = createContext<MeState | null>(null);

interface MeProviderProps {
  /** As the server said it when the page was loaded. */
  me: Me;
  onMe: (me: Me) => void;
  children: ReactNode;
}

const asMe = ({ email, sessionId, earlierTexts }: Me, newest: Person): Me => ({
  ...newest,
  email,
  sessionId,
  earlierTexts,
  role: newest.admin ? 'admin' : 'member',
});

/** Whoever is signed in, with what has changed since: renamed on another device, made an admin. */
export function MeProvider({ me, onMe, children }: MeProviderProps) {
  const newest = useNewest(me);
  const state = useMemo(
    () => ({
      me: newest === me ? me : asMe(me, newest),
      setMe: onMe,
    }),
    [me, newest, onMe],
  );
  return <Context value={state}>{children}</Context>;
}

export const useMe = (): MeState => {
  const state = useContext(Context);
  if (!state) throw new Error('useMe needs <MeProvider>');
  return state;
};
