'use client';

import type { Me } from '@lockstep/protocol';
import { browserTabs, createEngine, createTransport, type Engine } from '@lockstep/sync';
import { tabsName } from '@lockstep/sync/store/database';
import { DiskStore } from '@lockstep/sync/store/disk';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { exposeToTests } from '../lab/expose.ts';
import { searchesApi } from '../search/searches-api.ts';
import { keepBeforeLoading } from '../update/load-anew.ts';
import { heardVersion } from '../update/update.ts';
import { adoptOldSearches } from './old-searches.ts';

const Context = createContext<{ engine: Engine; me: Me } | null>(null);

/**
 * One engine for the page. Making one starts nothing, so that a render React throws away costs nothing; the effect
 * starts and stops it, as often as it likes (StrictMode). Another person means another engine: set `key={me.id}`.
 */
export const SyncProvider = ({ me, children }: { me: Me; children: ReactNode }) => {
  const [engine] = useState(() => engineOf(me.id));
  useEffect(() => {
    engine.start();
    void adoptOldSearches(engine);
    const unwire = wirePage(engine);
    const hide = exposeToTests(engine);
    const forget = keepBeforeLoading(async () => {
      await engine.flush();
      const { storage, commands } = engine.getState();
      return storage === 'disk' || commands.size === 0;
    });
    return () => {
      forget();
      hide();
      unwire();
      engine.stop();
    };
  }, [engine]);
  return <Context value={{ engine, me }}>{children}</Context>;
};

/** On the server only the first render happens: no disk, no other tabs. */
const engineOf = (userId: string): Engine => {
  const transport = createTransport({ url: '', onVersion: heardVersion });
  if (typeof window === 'undefined') return createEngine({ userId, transport });
  const tabs = browserTabs(tabsName(userId));
  return createEngine({ userId, transport, tabs, searches: searchesApi, store: new DiskStore({ userId }) });
};

const useProvided = () => {
  const provided = useContext(Context);
  if (!provided) throw new Error('not inside a SyncProvider');
  return provided;
};

/** The same object for the life of the page. */
export const useEngine = (): Engine => useProvided().engine;

/** Null on pages that follow nothing, such as those of admins. */
export const useEngineIfAny = (): Engine | null => useContext(Context)?.engine ?? null;

/** The signed-in person. */
export const useMe = (): Me => useProvided().me;

/** Passes network and page lifecycle events of the browser to the engine. */
const wirePage = (engine: Engine): (() => void) => {
  const wake = () => engine.wake();
  const suspend = () => engine.suspend();
  const shown = (event: PageTransitionEvent) => event.persisted && engine.wake();
  // A page that is put away may never run again.
  const seen = () => {
    if (document.visibilityState === 'visible') engine.wake();
    else void engine.flush();
  };
  window.addEventListener('online', wake);
  window.addEventListener('offline', suspend);
  window.addEventListener('pageshow', shown);
  document.addEventListener('visibilitychange', seen);
  document.addEventListener('resume', wake);
  return () => {
    window.removeEventListener('online', wake);
    window.removeEventListener('offline', suspend);
    window.removeEventListener('pageshow', shown);
    document.removeEventListener('visibilitychange', seen);
    document.removeEventListener('resume', wake);
  };
};
