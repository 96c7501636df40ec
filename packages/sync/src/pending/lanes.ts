import type { Context } from '../context.ts';
import type { Timer } from '../ports.ts';
import { codeOf, isTransient, waitFor } from '../retry.ts';

/** What waits, by key. */
export interface Waiting<C> {
  /** Keys of which something waits, whether or not it may go out now; with the ms that lie between two of it. */
  keys(): Iterable<readonly [key: string, spacingMs: number]>;
  /** What goes out next of a key; null: nothing now. */
  next(key: string): C | null;
  /** Rejects as the call does. */
  send(command: C): Promise<void>;
  /** It could not be sent now. */
  postponed(command: C): void;
  /** The server does not take it. True where it waits all the same. */
  refused(command: C, error: unknown): boolean;
}

interface Lane {
  timer: Timer | null;
  /** The latest time that the timer may be put off to. */
  by: number;
  inFlight: boolean;
  /** Failures one after another. */
  attempts: number;
  /** The server asked to wait until then. */
  notBefore: number;
}

/** When what goes out: of each key one at a time, again after a failure, and only while this tab is the one that sends. */
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

  /** Tries at once what waits for a better time. */
  flush(): void {
    // Also for what is under way: it may fail only now, of a network that is no more.
    for (const lane of this.#lanes.values()) lane.attempts = 0;
    for (const [key] of this.waiting.keys()) this.schedule(key, 0);
  }

  /** Starts what nobody has started yet. */
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
      // The end of a session is no refusal: who signs in again goes on with it.
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
