import type { Context } from '../context.ts';
import type { Timer } from '../ports.ts';
import { codeOf, isTransient, waitFor } from '../retry.ts';

/** What a lane needs to know and do, by key. */
export interface Waiting<C> {
  /** Keys with pending commands, whether or not they may be sent now, with the least time between two sends in ms. */
  keys(): Iterable<readonly [key: string, spacingMs: number]>;
  /** The next command of a key to send; null if none may be sent now. */
  next(key: string): C | null;
  /** Rejects as the call does. */
  send(command: C): Promise<void>;
  /** It could not be sent now. */
  postponed(command: C): void;
  /** The server refused it. True if it stays pending. */
  refused(command: C, error: unknown): boolean;
}

interface Lane {
  timer: Timer | null;
  /** The latest time to which the timer may be postponed. */
  by: number;
  inFlight: boolean;
  /** Consecutive failures. */
  attempts: number;
  /** The server asked to wait until then. */
  notBefore: number;
}

/**
 * Decides when commands are sent: one at a time per key, again after a failure, and only while this tab is the
 * sender.
 */
export class Lanes<C> {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    readonly context: Context,
    readonly waiting: Waiting<C>,
  ) {}

  isScheduled(key: string): boolean {
    return this.#lane(key).timer !== null;
  }

  /** Sends `ms` after the last call, and `mostMs` after the first at the latest. */
  schedule(key: string, ms: number, mostMs = ms): void {
    const { clock, isSender } = this.context;
    const lane = this.#lane(key);
    if (lane.inFlight || !isSender()) return;
    const now = clock.monotonic();
    if (lane.timer === null) lane.by = now + mostMs;
    const at = Math.max(Math.min(now + ms, lane.by), lane.notBefore);
    clock.clearTimeout(lane.timer);
    lane.timer = null;
    if (at <= now) void this.#run(key, lane);
    else
      lane.timer = clock.setTimeout(() => {
        lane.timer = null;
        void this.#run(key, lane);
      }, at - now);
  }

  /** Retries immediately what is waiting for a backoff. */
  flush(): void {
    // Also applies to calls under way: they may fail only now, because of a network that is gone.
    for (const lane of this.#lanes.values()) lane.attempts = 0;
    for (const [key] of this.waiting.keys()) this.schedule(key, 0);
  }

  /** Starts what is not running yet. */
  resume(): void {
    for (const [key, spacingMs] of this.waiting.keys())
      if (!this.isScheduled(key)) this.schedule(key, spacingMs);
  }

  #lane(key: string): Lane {
    const lane = this.#lanes.get(key) ?? { timer: null, by: 0, inFlight: false, attempts: 0, notBefore: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }

  async #run(key: string, lane: Lane) {
    const { isSender, failed, random, clock } = this.context;
    const command = isSender() && !lane.inFlight ? this.waiting.next(key) : null;
    if (!command) return;
    lane.inFlight = true;
    let wait: number | null = null;
    try {
      await this.waiting.send(command);
      lane.attempts = 0;
      lane.notBefore = 0;
    } catch (error) {
      failed(error);
      const code = codeOf(error);
      // The end of a session is not a refusal: after signing in again it continues.
      const isRefused = !isTransient(code) && code !== 'unauthenticated';
      if (!isRefused) this.waiting.postponed(command);
      if (!isRefused || this.waiting.refused(command, error)) wait = waitFor(error, lane.attempts++, random);
      else lane.attempts = 0;
      if (wait !== null && code === 'rate_limited') lane.notBefore = clock.monotonic() + wait;
    }
    lane.inFlight = false;
    const spacingMs = new Map(this.waiting.keys()).get(key);
    if (spacingMs !== undefined) this.schedule(key, wait ?? spacingMs);
  }
}
