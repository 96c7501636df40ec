import { LockstepError } from '@lockstep/protocol';
import type { Clock, Transport } from './ports.ts';

/** Longest wait that a call is held back for, in ms; beyond it the caller is told. */
const MOST_MS = 30_000;
const ATTEMPTS = 8;
/** What waited together does not ask together; doubled with each attempt. In ms. */
const SPREAD_MS = 100;

/** Those that are repeated by who makes them, in their own order. */
type Own = 'connect' | 'send' | 'edit' | 'recall' | 'annotate' | 'read' | 'personal' | 'draft';

/**
 * A transport whose calls wait where the server says so (`rate_limited`) and are made again, so that an overload makes
 * things late and loses nothing. While one waits, the others wait with it instead of asking.
 */
export const withRateLimitRetry = (transport: Transport, clock: Clock, random: () => number): Transport => {
  // By timers alone: a device's clock may be set back by hours while something waits.
  let gate: Promise<void> | null = null;
  const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  const close = (ms: number) => {
    const mine: Promise<void> = Promise.all([gate, wait(ms)]).then(() => {
      if (gate === mine) gate = null;
    });
    gate = mine;
  };
  const call = async <T>(make: () => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      while (gate) {
        await gate;
        await wait(random() * SPREAD_MS * 2 ** attempt);
      }
      try {
        return await make();
      } catch (error) {
        const asked = error instanceof LockstepError ? (error.data.retryAfterMs ?? 0) : 0;
        if (asked <= 0 || asked > MOST_MS || attempt >= ATTEMPTS) throw error;
        close(asked);
      }
    }
  };
  const waiting: Omit<Transport, Own> = {
    inbox: (...args) => call(() => transport.inbox(...args)),
    entry: (...args) => call(() => transport.entry(...args)),
    changes: (...args) => call(() => transport.changes(...args)),
    before: (...args) => call(() => transport.before(...args)),
    after: (...args) => call(() => transport.after(...args)),
    around: (...args) => call(() => transport.around(...args)),
    receipts: (...args) => call(() => transport.receipts(...args)),
    digest: (...args) => call(() => transport.digest(...args)),
    atTime: (...args) => call(() => transport.atTime(...args)),
    people: (...args) => call(() => transport.people(...args)),
    peopleChanges: (...args) => call(() => transport.peopleChanges(...args)),
  };
  return { ...transport, ...waiting };
};
