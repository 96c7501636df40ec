/** A message waiting to be stored, with the promise of its caller. */
export interface Pending<In, Out> {
  input: In;
  /** Deadline by `performance.now()`: not tried any more after it. */
  until: number;
  attempts: number;
  /** Another process changed the conversation during the last try. */
  contended: boolean;
  resolve: (value: Out) => void;
  reject: (error: Error) => void;
}

/**
 * The order of a group commit: messages of one conversation stay in order and are in at most one batch at a time;
 * conversations take turns, first come first served.
 */
export class Batcher<In, Out> {
  readonly #waiting = new Map<string, Pending<In, Out>[]>();
  readonly #busy = new Set<string>();
  #count = 0;

  /** Messages that are in no batch. */
  get waiting(): number {
    return this.#count;
  }

  add(key: string, item: Pending<In, Out>): void {
    this.#count++;
    const queue = this.#waiting.get(key);
    if (queue) queue.push(item);
    else this.#waiting.set(key, [item]);
  }

  /** Takes up to `max` messages of conversations that are not in a batch; these are busy until `done`. */
  take(max: number): Map<string, Pending<In, Out>[]> {
    const batch = new Map<string, Pending<In, Out>[]>();
    let room = max;
    for (const [key, queue] of this.#waiting) {
      if (room === 0) break;
      if (this.#busy.has(key)) continue;
      const taken = queue.length <= room ? queue : queue.splice(0, room);
      // Deleting and setting again moves a conversation with more messages behind the others.
      this.#waiting.delete(key);
      if (taken !== queue) this.#waiting.set(key, queue);
      batch.set(key, taken);
      this.#busy.add(key);
      room -= taken.length;
      this.#count -= taken.length;
    }
    return batch;
  }

  /** Frees the conversations of a batch; what could not be stored goes back to the front, in order. */
  done(batch: Map<string, Pending<In, Out>[]>, again: Map<string, Pending<In, Out>[]>): void {
    for (const key of batch.keys()) {
      this.#busy.delete(key);
      const back = again.get(key);
      if (!back?.length) continue;
      this.#count += back.length;
      this.#waiting.set(key, [...back, ...(this.#waiting.get(key) ?? [])]);
    }
  }

  get empty(): boolean {
    return this.#waiting.size === 0 && this.#busy.size === 0;
  }

  get hasReady(): boolean {
    for (const key of this.#waiting.keys()) if (!this.#busy.has(key)) return true;
    return false;
  }
}
