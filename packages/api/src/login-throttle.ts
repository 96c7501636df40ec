import { LockstepError } from '@lockstep/protocol';

interface Guesser {
  /** Failed attempts since the last success. */
  wrong: number;
  /** Attempts whose outcome is not known yet. */
  pending: number;
  /** No attempt is accepted before this time of the throttle's clock. */
  until: number;
  forgetAt: number;
}

/** From the `free`th failed attempt on, each doubles the wait, from 1 s to `maxWaitMs`. */
interface Slowing {
  free: number;
  maxWaitMs: number;
}

/** An attempt to sign in. */
export interface Guess {
  email: string;
  /** The key from limitKey. */
  address: string;
  /** Device id from the cookie, if it has signed in to this account before. */
  device: string | null;
  /** The account has a live session from this address. */
  isKnownAddress: boolean;
}

/** A running attempt; exactly one of these is called once. */
export interface Attempt {
  right(): void;
  wrong(): void;
  /** The outcome is unknown. */
  unknown(): void;
}

const FORGET_MS = 60 * 60 * 1_000;
const MAX_KEYS = 50_000;
/** `retryAfterMs` while another attempt is still being checked, in ms. */
const SOON_MS = 1_000;
const MAX_MS = 15 * 60 * 1_000;

const PAIR: Slowing = { free: 5, maxWaitMs: MAX_MS };
const EMAIL: Slowing = { free: 20, maxWaitMs: 30_000 };
const ADDRESS: Slowing = { free: 50, maxWaitMs: MAX_MS };

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
  readonly #guessers = new Map<string, Guesser>();

  /** `now` is monotonic, in ms: with a wall clock that is set back, people would wait for hours. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether there were recent failures for this e-mail, so that it matters whether the address is known. */
  isCounting(email: string): boolean {
    return (this.#find(emailKey(email))?.wrong ?? 0) > 0;
  }

  /** Throws LockstepError `rate_limited` where `begin` would. */
  check(guess: Guess): void {
    const now = this.now();
    const wait = Math.max(...keysOf(guess).map(([key, slowing]) => this.#wait(key, slowing, now)));
    if (wait > 0) throw new LockstepError('rate_limited', undefined, { retryAfterMs: Math.ceil(wait) });
  }

  /** Begins an attempt. Throws LockstepError `rate_limited` with `retryAfterMs`. */
  begin(guess: Guess): Attempt {
    this.check(guess);
    const taken = keysOf(guess).map(([key, slowing]) => ({ key, slowing, guesser: this.#take(key) }));
    let open = true;
    const settle = (each: (taken: { key: string; slowing: Slowing; guesser: Guesser }) => void) => () => {
      if (!open) return;
      open = false;
      for (const one of taken) {
        one.guesser.pending--;
        each(one);
      }
    };
    return {
      right: settle(({ key, slowing, guesser }) => {
        // A success does not clear the failures of an address for other accounts.
        if (slowing === ADDRESS) return;
        guesser.wrong = 0;
        guesser.until = 0;
        if (guesser.pending === 0) this.#guessers.delete(key);
      }),
      wrong: settle(({ slowing: { free, maxWaitMs }, guesser }) => {
        const now = this.now();
        const wrong = ++guesser.wrong;
        guesser.until = wrong < free ? 0 : now + Math.min(1_000 * 2 ** (wrong - free), maxWaitMs);
        guesser.forgetAt = now + FORGET_MS;
      }),
      unknown: settle(() => {}),
    };
  }

  /** The person has authenticated in another way: clears their failures from this address. */
  forgive(email: string, address: string): void {
    this.#guessers.delete(pairKey(email, address));
  }

  #wait(key: string, { free }: Slowing, now: number): number {
    const known = this.#find(key);
    if (!known) return 0;
    if (known.until > now) return known.until - now;
    return known.pending > 0 && known.wrong + known.pending >= free ? SOON_MS : 0;
  }

  #find(key: string): Guesser | undefined {
    const known = this.#guessers.get(key);
    if (!known || known.forgetAt > this.now() || known.pending > 0) return known;
    this.#guessers.delete(key);
    return undefined;
  }

  #take(key: string): Guesser {
    const now = this.now();
    const guesser = this.#find(key) ?? { wrong: 0, pending: 0, until: 0, forgetAt: now + FORGET_MS };
    guesser.pending++;
    // Deleting first keeps the map in order of use.
    this.#guessers.delete(key);
    this.#guessers.set(key, guesser);
    for (const [oldest, { forgetAt }] of this.#guessers) {
      if (forgetAt > now && this.#guessers.size <= MAX_KEYS) break;
      this.#guessers.delete(oldest);
    }
    return guesser;
  }
}

const emailKey = (email: string) => `email ${email}`;
const pairKey = (email: string, address: string) => `pair ${email} ${address}`;

const keysOf = ({ email, address, device, isKnownAddress }: Guess): [string, Slowing][] => {
  if (device !== null) return [[`device ${email} ${device}`, PAIR]];
  const own: [string, Slowing][] = [
    [pairKey(email, address), PAIR],
    [`address ${address}`, ADDRESS],
  ];
  return isKnownAddress ? own : [...own, [emailKey(email), EMAIL]];
};
