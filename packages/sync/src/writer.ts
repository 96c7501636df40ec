import { LockstepError } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { codeOf, isTransient, waitFor } from './faults.ts';
import type { Timer } from './ports.ts';

export interface Writes {
  /** Conversations that have something to write, whether or not its time has come. */
  pending(): Iterable<string>;
  has(conversationId: string): boolean;
  /** One write. Rejects as the call does; what is still pending afterwards is written next. */
  write(conversationId: string): Promise<void>;
  /** The server does not take it, now or ever: nothing may stay pending. */
  refused(conversationId: string, error: unknown): void;
}

/** Writes what is pending, a conversation at a time and one call at a time for each, until the server has it. */
export class Writer {
  readonly #due = new Map<string, { timer: Timer; at: number; by: number }>();
  readonly #flying = new Set<string>();
  readonly #attempts = new Map<string, number>();
  /** The server asked to wait until then. */
  readonly #notBefore = new Map<string, number>();

  constructor(
    readonly context: Context,
    readonly writes: Writes,
    /** Between two writes for one conversation, in ms. */
    readonly spacingMs = 0,
  ) {}

  /** Writes `ms` after the last call, and `mostMs` after the first at the latest. */
  later(id: string, ms: number, mostMs = ms): void {
    const { clock } = this.context;
    if (this.#flying.has(id)) return;
    const now = clock.monotonic();
    const held = this.#due.get(id);
    const by = held?.by ?? now + mostMs;
    const asked = this.#notBefore.get(id);
    const at = Math.max(Math.min(now + ms, by), asked ?? 0);
    if (held) clock.clearTimeout(held.timer);
    const timer = clock.setTimeout(() => {
      this.#due.delete(id);
      void this.#run(id);
    }, at - now);
    this.#due.set(id, { timer, at, by });
  }

  /** Sees to it that all that is pending has its time. */
  resume(ms = 0): void {
    for (const id of this.writes.pending()) if (!this.#due.has(id)) this.later(id, ms);
  }

  /** Tries at once what waits for a better time. */
  flush(): void {
    this.#attempts.clear();
    for (const id of this.writes.pending()) this.later(id, 0);
  }

  async #run(id: string) {
    const { sends, failed, random, clock } = this.context;
    if (!sends() || this.#flying.has(id) || !this.writes.has(id)) return;
    this.#flying.add(id);
    let wait = this.spacingMs;
    try {
      await this.writes.write(id);
      this.#attempts.delete(id);
      this.#notBefore.delete(id);
    } catch (error) {
      const attempt = this.#attempts.get(id) ?? 0;
      this.#attempts.set(id, attempt + 1);
      wait = waitFor(error, attempt, random);
      if (error instanceof LockstepError && error.data.retryAfterMs)
        this.#notBefore.set(id, clock.monotonic() + wait);
      failed(error);
      const code = codeOf(error);
      // The end of a session is no refusal: who signs in again goes on with it.
      if (!isTransient(code) && code !== 'unauthenticated') this.writes.refused(id, error);
    }
    this.#flying.delete(id);
    if (this.writes.has(id)) this.later(id, wait);
  }
}
