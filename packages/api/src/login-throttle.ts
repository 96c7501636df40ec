import { LockstepError } from '@lockstep/protocol';

interface Counter {
  /** Failed attempts since the last success. */
  wrong: number;
  /** Attempts whose outcome is not known yet. */
  pending: number;
  /** No attempt is accepted before this time of the throttle's clock. */
  until: number;
  forgetAt: number;
}

/** From the `free`th failed attempt on, each doubles the wait, from 1 s to `maxWaitMs`. */
interface Backoff {
  free: number;
  maxWaitMs: number;
}

/** An attempt to sign in. */
export interface SignInAttempt {
  email: string;
  /** The key from limitKey. */
  address: string;
  /** Device id from the cookie, if it has signed in to this account before. */
  device: string | null;
  /** The account has a live session from this address. */
  isKnownAddress: boolean;
}

/** A running attempt; exactly one of these is called once. */
export interface PendingAttempt {
  onSuccess(): void;
  onFailure(): void;
  /** The outcome is unknown. */
  onUnknown(): void;
}

const FORGET_MS = 60 * 60 * 1_000;
const MAX_KEYS = 50_000;
/** `retryAfterMs` while another attempt is still being checked, in ms. */
const SOON_MS = 1_000;
const MAX_MS = 15 * 60 * 1_000;

const PAIR: Backoff = { free: 5, maxWaitMs: MAX_MS };
const EMAIL: Backoff = { free: 20, maxWaitMs: 30_000 };
const ADDRESS: Backoff = { free: 50, maxWaitMs: MAX_MS };

/**
 * Slows down password guessing by counting failures only: per e-mail and address (one attacker), per e-mail (many
 * attackers, with a short maximum wait), and per address (one attacker, many accounts).
 *
 * An attacker with many addresses must not lock the owner out: an address with a live session of the account is not
 * limited per e-mail, and a device that has signed in before has its own counter. A success does not clear failures
 * for other accounts from that address. An attempt with unknown outcome counts as failed, so that a thousand
 * concurrent attempts gain nothing.
 */
export class LoginThrottle {
  readonly #counters = new Map<string, Counter>();

  /** `now` is monotonic, in ms: with a wall clock that is set back, people would wait for hours. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether there were recent failures for this e-mail, so that it matters whether the address is known. */
  isCounting(email: string): boolean {
    return (this.#find(emailKey(email))?.wrong ?? 0) > 0;
  }

  /** Throws LockstepError `rate_limited` where `begin` would. */
  check(signIn: SignInAttempt): void {
    const now = this.now();
    const wait = Math.max(...keysOf(signIn).map(([key, backoff]) => this.#wait(key, backoff, now)));
    if (wait > 0) throw new LockstepError('rate_limited', undefined, { retryAfterMs: Math.ceil(wait) });
  }

  /** Begins an attempt. Throws LockstepError `rate_limited` with `retryAfterMs`. */
  begin(signIn: SignInAttempt): PendingAttempt {
    this.check(signIn);
    const taken = keysOf(signIn).map(([key, backoff]) => ({ key, backoff, counter: this.#take(key) }));
    let open = true;
    const settle = (each: (taken: { key: string; backoff: Backoff; counter: Counter }) => void) => () => {
      if (!open) return;
      open = false;
      for (const one of taken) {
        one.counter.pending--;
        each(one);
      }
    };
    return {
      onSuccess: settle(({ key, backoff, counter }) => {
        // A success does not clear the failures of an address for other accounts.
        if (backoff === ADDRESS) return;
        counter.wrong = 0;
        counter.until = 0;
        if (counter.pending === 0) this.#counters.delete(key);
      }),
      onFailure: settle(({ backoff: { free, maxWaitMs }, counter }) => {
        const now = this.now();
        const wrong = ++counter.wrong;
        counter.until = wrong < free ? 0 : now + Math.min(1_000 * 2 ** (wrong - free), maxWaitMs);
        counter.forgetAt = now + FORGET_MS;
      }),
      onUnknown: settle(() => {}),
    };
  }

  /** The person has authenticated in another way: clears their failures from this address. */
  clearFailures(email: string, address: string): void {
    this.#counters.delete(pairKey(email, address));
  }

  #wait(key: string, { free }: Backoff, now: number): number {
    const known = this.#find(key);
    if (!known) return 0;
    if (known.until > now) return known.until - now;
    return known.pending > 0 && known.wrong + known.pending >= free ? SOON_MS : 0;
  }

  #find(key: string): Counter | undefined {
    const known = this.#counters.get(key);
    if (!known || known.forgetAt > this.now() || known.pending > 0) return known;
    this.#counters.delete(key);
    return undefined;
  }

  #take(key: string): Counter {
    const now = this.now();
    const counter = this.#find(key) ?? { wrong: 0, pending: 0, until: 0, forgetAt: now + FORGET_MS };
    counter.pending++;
    // Deleting first keeps the map in order of use.
    this.#counters.delete(key);
    this.#counters.set(key, counter);
    for (const [oldest, { forgetAt }] of this.#counters) {
      if (forgetAt > now && this.#counters.size <= MAX_KEYS) break;
      this.#counters.delete(oldest);
    }
    return counter;
  }
}

const emailKey = (email: string) => `email ${email}`;
const pairKey = (email: string, address: string) => `pair ${email} ${address}`;

const keysOf = ({ email, address, device, isKnownAddress }: SignInAttempt): [string, Backoff][] => {
  if (device !== null) return [[`device ${email} ${device}`, PAIR]];
  const own: [string, Backoff][] = [
    [pairKey(email, address), PAIR],
    [`address ${address}`, ADDRESS],
  ];
  return isKnownAddress ? own : [...own, [emailKey(email), EMAIL]];
};
