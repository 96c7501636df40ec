import type { Clock } from '../../src/ports.ts';

/** Same seed, same numbers (mulberry32, public domain). */
export const seeded = (seed: number) => {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

interface Task {
  at: number;
  order: number;
  run: () => void;
}

/** Time that passes only when the test lets it: tasks run in the order of their times, one by one. */
export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  #order = 0;
  readonly #tasks = new Set<Task>();

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): Task {
    const task = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#tasks.add(task);
    return task;
  }

  clearTimeout(task: unknown): void {
    this.#tasks.delete(task as Task);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimeout(resolve, ms));
  }

  /** Runs what is due within `ms`, and everything that follows from it in time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      // Promises settle before the next task: that is what makes a run repeatable.
      await new Promise((resolve) => setImmediate(resolve));
      let next: Task | undefined;
      for (const task of this.#tasks)
        if (!next || task.at < next.at || (task.at === next.at && task.order < next.order)) next = task;
      if (!next || next.at > end) break;
      this.#tasks.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }

  async until(holds: () => boolean, limitMs: number): Promise<void> {
    const end = this.#now + limitMs;
    while (!holds()) {
      if (this.#now >= end) throw new Error(`did not come to hold within ${limitMs} ms`);
      await this.advance(50);
    }
  }
}
