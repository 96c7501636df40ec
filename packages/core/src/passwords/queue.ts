import { availableParallelism } from 'node:os';
import { LockstepError } from '@lockstep/protocol';

/** One hash takes a core for some 60 ms and 32 MB. The thread pool has four threads, and others need them too. */
const RUNNING = Math.max(1, Math.min(3, availableParallelism()));
/** Maximum waiting, per key and in total: several times an office whose people all sign in at once. */
const WAITING_OF_KEY = 500;
const WAITING = 5_000;
/** Approximate time of one turn, used for `retryAfterMs` of refused callers, in ms. */
const TURN_MS = 60;

/**
 * Runs password work, a few at a time; others wait instead of being refused. Keys (addresses) take turns, so that a
 * thousand calls from one address delay another address by at most one of them.
 */
export class PasswordQueue {
  readonly #waiting = new Map<string, (() => void)[]>();
  #running = 0;
  #count = 0;

  constructor(readonly running = RUNNING) {}

  /** Runs `work` in its turn. LockstepError `rate_limited` when too many of this key, or in all, are waiting. */
  async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#turn(key);
    try {
      return await work();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn(key: string): Promise<void> {
    const own = this.#waiting.get(key) ?? [];
    if (own.length >= WAITING_OF_KEY || this.#count >= WAITING) {
      const retryAfterMs = Math.ceil((this.#count * TURN_MS) / this.running);
      return Promise.reject(new LockstepError('rate_limited', undefined, { retryAfterMs }));
    }
    return new Promise((resolve) => {
      own.push(resolve);
      this.#waiting.set(key, own);
      this.#count++;
      this.#next();
    });
  }

  #next(): void {
    if (this.#running >= this.running) return;
    const [first] = this.#waiting;
    if (!first) return;
    const [key, own] = first;
    const start = own.shift();
    // Move the key to the end of the queue with its remaining work.
    this.#waiting.delete(key);
    if (own.length > 0) this.#waiting.set(key, own);
    this.#count--;
    this.#running++;
    start?.();
  }
}
