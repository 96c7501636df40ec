/** How much of one turn of the event loop all long work of this process may use together, in ms. */
const SLICE_MS = 5;

/**
 * Lets long work of many calls share the event loop: one slice or several short ones per turn, in order of arrival.
 * Between two turns all other pending events are handled.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #used = 0;
  #isDue = false;

  constructor(readonly sliceMs = SLICE_MS) {}

  /** Resolves when a slice may begin. Call `leave` when it has ended, whatever happens, without waiting in between. */
  enter(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#next();
    return turn;
  }

  /** After a slice that took so long, in ms. */
  leave(ms: number): void {
    this.#isTaken = false;
    this.#used += ms;
    this.#next();
  }

  #next(): void {
    if (this.#used > 0) this.#endTurn();
    if (this.#isTaken || this.#used >= this.sliceMs) return;
    const resolve = this.#waiting.shift();
    this.#isTaken = resolve !== undefined;
    resolve?.();
  }

  /** `setImmediate` runs after pending I/O, and work scheduled meanwhile waits for the next turn. */
  #endTurn(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#used = 0;
      this.#next();
    });
  }
}

/** One instance per process, because a process has one event loop. */
export const turns = new Turns();
