import { LockstepError } from '@lockstep/protocol';

interface Guesser {
  /** Wrong attempts since the last that was right. */
  wrong: number;
  /** Attempts whose outcome is not known yet. */
  pending: number;
  /** Until when no further one is taken, by the clock of the throttle. */
  until: number;
  forgetAt: number;
}

/** From the `free`th wrong attempt on each doubles the wait, from 1 s to `maxWaitMs`. */
interface Slowing {
  free: number;
  maxWaitMs: number;
}

/** Somebody who wants to sign in. */
export interface Guess {
  email: string;
  /** As limitKey makes it. */
  address: string;
  /** The device by its cookie, where it has signed in to this account before. */
  device: string | null;
  /** Somebody is signed in to this account from there. */
  isKnownAddress: boolean;
}

/** One attempt; told once how it ended. */
export interface Attempt {
  right(): void;
  wrong(): void;
  /** It could not be found out. */
  unknown(): void;
}

const FORGET_MS = 60 * 60 * 1_000;
const MAX_KEYS = 50_000;
/** When to come back where it depends on an attempt that is just being checked, in ms. */
const SOON_MS = 1_000;
const MAX_MS = 15 * 60 * 1_000;

const PAIR: Slowing = { free: 5, maxWaitMs: MAX_MS };
const EMAIL: Slowing = { free: 20, maxWaitMs: 30_000 };
const ADDRESS: Slowing = { free: 50, maxWaitMs: MAX_MS };

/**
 * Slows the guessing of passwords down, by what is wrong only: by e-mail and address (someone who tries), by e-mail
 * alone (many who try, with a short longest wait), and by address (one who tries many people).
 *
 * Who guesses at an account from ever new addresses must not lock its person out: an address from which somebody is
 * signed in to it is not limited by e-mail, and a device that was signed in to it is limited by itself alone. A right
 * password takes nothing back of what was wrong for other people from that address. An attempt whose outcome is not
 * known counts as wrong, so that a thousand at once get no further than one after the other.
 */
export class LoginThrottle {
  readonly #guessers = new Map<string, Guesser>();

  /** `now` only grows, in ms: a wall clock that is set back would make people wait for hours. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether there was a wrong attempt at this e-mail lately, so that it matters whether the address is known. */
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
        // One right password among many wrong ones of other people does not clear an address.
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

  /** The person has proved otherwise who they are: what they tried before, from this address, is forgiven. */
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
