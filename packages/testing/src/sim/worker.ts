import type { Core } from '@lockstep/core';
import { fanOut, laggingConversations } from '@lockstep/db';
import type { VirtualClock } from './clock.ts';
import { pick, type Random } from './random.ts';

/** Thrown between two steps of a fan-out: what a SIGKILL there leaves in the database. */
class Killed extends Error {}

const STEPS = ['begun', 'locked', 'written'] as const;

/** The fan-out of the worker: woken by `enqueue`, killed at any step, and repaired by its sweep (rule 9). */
export class SimWorker {
  up = true;
  readonly #woken = new Set<string>();
  #scheduled = false;
  #killAt: (typeof STEPS)[number] | null = null;

  constructor(
    readonly core: Core,
    readonly clock: VirtualClock,
    readonly random: Random,
    /** The conversations of this run: the database has those of others. */
    readonly own: () => string[],
    /** From the wake-up to the fan-out, in ms at most. */
    readonly delayMs: number,
  ) {}

  /** A job; lost while the worker is down. */
  enqueue(ids: string[]): void {
    if (!this.up) return;
    for (const id of ids) this.#woken.add(id);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.clock.setTimeout(() => void this.#work(), this.random() * this.delayMs);
  }

  /** Crashes now, or in the middle of its next fan-out. */
  kill(inTheMiddle: boolean): void {
    if (inTheMiddle) this.#killAt = pick(this.random, STEPS) ?? null;
    else this.#die();
  }

  #die() {
    this.up = false;
    this.#killAt = null;
    this.#woken.clear();
  }

  /** Restarts if it was down, and runs the sweep for lost jobs. */
  async sweep(): Promise<void> {
    this.up = true;
    this.#killAt = null;
    const own = new Set(this.own());
    const lagging = await this.clock.hold(laggingConversations(this.core.db, 'fanout', 10_000));
    this.enqueue(lagging.filter((id) => own.has(id)).sort());
  }

  async #work() {
    this.#scheduled = false;
    const ids = [...this.#woken];
    this.#woken.clear();
    if (!this.up || ids.length === 0) return;
    const killAt = this.#killAt;
    const threshold = this.core.settings.FANOUT_THRESHOLD;
    try {
      await this.clock.hold(
        fanOut(this.core.db, ids, {
          threshold,
          ...(killAt
            ? {
                onStep: (step) => {
                  if (step === killAt) throw new Killed(step);
                },
              }
            : {}),
        }),
      );
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#die();
    }
  }
}
