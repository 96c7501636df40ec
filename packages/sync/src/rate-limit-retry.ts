import { LockstepError } from '@lockstep/protocol';
import type { Clock, Transport } from './ports.ts';

/** Longest time a call is held back, in ms; for a longer wait the call rejects. */
const MAX_WAIT_MS = 30_000;
const ATTEMPTS = 8;
/** Spreads calls that waited together; doubled with each attempt. In ms. */
const SPREAD_MS = 100;

/** Calls that their callers repeat themselves, in order. */
type Own = 'connect' | 'send' | 'edit' | 'recall' | 'annotate' | 'read' | 'personal' | 'draft';

/**
 * A transport that waits and repeats a call when the server answers `rate_limited`, so that an overload delays calls
 * and loses nothing. While one call waits, the others wait too instead of being sent.
 */
export const withRateLimitRetry = (transport: Transport, clock: Clock, random: () => number): Transport => {
  // Uses timers only: a device's clock may be set back by hours during the wait.
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
        if (asked <= 0 || asked > MAX_WAIT_MS || attempt >= ATTEMPTS) throw error;
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
