/** A token bucket: `burst` at once, `perSecond` in the long run. Synchronous, for the hot path. `now` only grows, in ms. */
export class Bucket {
  #left: number;
  #at: number;

  constructor(
    readonly perSecond: number,
    readonly burst: number,
    readonly now: () => number = () => performance.now(),
  ) {
    this.#left = burst;
    this.#at = now();
  }

  /** Takes a token and returns 0; without one, the milliseconds until there is one. */
  take(): number {
    this.#fill();
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * 1_000) / this.perSecond);
    this.#left--;
    return 0;
  }

  isFull(): boolean {
    this.#fill();
    return this.#left >= this.burst;
  }

  #fill(): void {
    const now = this.now();
    this.#left = Math.min(this.burst, this.#left + ((now - this.#at) * this.perSecond) / 1_000);
    this.#at = now;
  }
}
