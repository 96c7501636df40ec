import { LockstepError } from '@lockstep/protocol';

interface Guesser {
  /** Attempts since the last that was right, those in flight included. */
  attempts: number;
  /** Epoch milliseconds until which no further one is taken. */
  until: number;
  forgetAt: number;
}

/** After `free` attempts each further one doubles the wait, from 1 s to `maxWaitMs`. */
interface Slowing {
  free: number;
  maxWaitMs: number;
}

const FORGET_MS = 60 * 60 * 1_000;
const MAX_KEYS = 50_000;

/**
 * Slows the guessing of passwords down: by e-mail and address (someone who tries), by e-mail alone (many who try, with
 * a short longest wait, so that nobody can be locked out for long), and by address (one who tries many people).
 * An attempt counts from its start, so that a thousand at once get no further than one after the other.
 */
export class Guesses {
  readonly #guessers = new Map<string, Guesser>();
  readonly #slowings: Record<'pair' | 'email' | 'address', Slowing> = {
    pair: { free: 5, maxWaitMs: 15 * 60 * 1_000 },
    email: { free: 20, maxWaitMs: 30_000 },
    address: { free: 50, maxWaitMs: 15 * 60 * 1_000 },
  };

  constructor(readonly now: () => number = Date.now) {}

  /** Throws LockstepError `rate_limited`; otherwise counts an attempt and returns what to call when it was right. */
  attempt(email: string, address: string): () => void {
    const keys = [
      [`pair ${email} ${address}`, this.#slowings.pair],
      [`email ${email}`, this.#slowings.email],
      [`address ${address}`, this.#slowings.address],
    ] as const;
    const now = this.now();
    const wait = Math.max(...keys.map(([key]) => (this.#guessers.get(key)?.until ?? 0) - now));
    if (wait > 0) throw new LockstepError('rate_limited', undefined, { retryAfterMs: wait });
    for (const [key, slowing] of keys) this.#count(key, slowing, now);
    return () => this.#wasRight(keys.map(([key]) => key));
  }

  #count(key: string, { free, maxWaitMs }: Slowing, now: number): void {
    const known = this.#guessers.get(key);
    const attempts = (known && known.forgetAt > now ? known.attempts : 0) + 1;
    const until = attempts < free ? 0 : now + Math.min(1_000 * 2 ** (attempts - free), maxWaitMs);
    // Deleting first keeps the map in order of use.
    this.#guessers.delete(key);
    this.#guessers.set(key, { attempts, until, forgetAt: now + FORGET_MS });
    for (const [oldest, { forgetAt }] of this.#guessers) {
      if (forgetAt > now && this.#guessers.size <= MAX_KEYS) break;
      this.#guessers.delete(oldest);
    }
  }

  #wasRight([pair, email, address]: string[]): void {
    if (pair) this.#guessers.delete(pair);
    if (email) this.#guessers.delete(email);
    // One right password among many wrong ones of other people does not clear an address.
    const known = address ? this.#guessers.get(address) : undefined;
    if (known) {
      known.attempts = Math.max(0, known.attempts - 1);
      known.until = 0;
    }
  }
}
