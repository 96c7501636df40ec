import type { SavedSearch } from '@lockstep/protocol';
import type { SearchChange } from './pending/command.ts';
import type { LocalStore } from './store/port.ts';
import type { Tabs } from './tabs/port.ts';
import type { Transport } from './transport/transport.ts';

export type { PersonalChange, PushHandlers, PushSocket } from './transport/port.ts';
export type { Transport } from './transport/transport.ts';

/** What is remembered of searches, at the server. Rejects as a Transport does; a change answers with all of them. */
export interface SearchesApi {
  list(): Promise<SavedSearch[]>;
  change(change: SearchChange): Promise<SavedSearch[]>;
}

/** Opaque handle of a timer. */
export type Timer = unknown;

export interface Clock {
  /** Milliseconds since 1970. A device's clock may jump by hours at any time. */
  now(): number;
  /** Milliseconds from any start, that only grow: for what is waited for. */
  monotonic(): number;
  setTimeout(run: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
}

export interface EngineOptions {
  userId: string;
  transport: Transport;
  clock?: Clock;
  /** In [0, 1): jitter. */
  random?: () => number;
  /** A new client id: a UUIDv7. */
  newId?: () => string;
  /** Without it no searches are remembered. */
  searches?: SearchesApi;
  /** Storage that outlives the page; without it nothing does. */
  store?: LocalStore;
  /** The other tabs of this browser; without it there are none. */
  tabs?: Tabs;
  /** Conversations whose newest page is kept in `store` whether or not they are opened. */
  cached?: number;
  /** Called with errors that are defects of our own, not of the network. */
  onFault?: (error: unknown) => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
