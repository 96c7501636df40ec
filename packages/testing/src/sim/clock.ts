import type { Clock } from '@lockstep/sync';

interface Task {
  at: number;
  order: number;
  run: () => void;
}

const START = 1_700_000_000_000;

/**
 * Simulated time: tasks run in the order of their times, one by one. Real work, such as a query, takes no time: the
 * clock stops until it is done (`hold`).
 */
export class VirtualClock implements Clock {
  #now = START;
  #order = 0;
  readonly #tasks = new Set<Task>();
  readonly #held = new Set<Promise<unknown>>();

  /** Works that may be under way while time goes on. Above 0, a run cannot be repeated exactly. */
  constructor(public looseness = 0) {}

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.elapsed;
  }

  /** Since the start, in ms. */
  get elapsed(): number {
    return this.#now - START;
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

  /** Stops time until this work is done. */
  hold<T>(work: Promise<T>): Promise<T> {
    const done = work.then(
      () => {},
      () => {},
    );
    this.#held.add(done);
    void done.then(() => this.#held.delete(done));
    return work;
  }

  /** Promises settle before the next task: that is what makes a run repeatable. */
  async #settled(looseness: number) {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#held.size <= looseness) return;
      await Promise.race(this.#held);
    }
  }

  /** Runs what is due within `ms`, and everything that follows from it in time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await this.#settled(this.looseness);
      let next: Task | undefined;
      for (const task of this.#tasks)
        if (!next || task.at < next.at || (task.at === next.at && task.order < next.order)) next = task;
      if (!next || next.at > end) {
        if (this.#held.size === 0) break;
        await this.#settled(0);
        continue;
      }
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

/** The clock of one machine: it may be off by hours, stops during sleep, and ends with the process. */
export class MachineClock implements Clock {
  #skew = 0;
  #state: 'awake' | 'asleep' | 'dead' = 'awake';
  #late = new Set<{ run: () => void }>();

  constructor(readonly world: VirtualClock) {}

  now(): number {
    return this.world.now() + this.#skew;
  }

  monotonic(): number {
    return this.world.monotonic();
  }

  /** Sets the clock to be this far off, in ms. Timers go on as before. */
  skew(ms: number): void {
    this.#skew = ms;
  }

  setTimeout(run: () => void, ms: number) {
    const handle = { run };
    const timer = this.world.setTimeout(() => {
      if (this.#state === 'awake') handle.run();
      else if (this.#state === 'asleep') this.#late.add(handle);
    }, ms);
    return { handle, timer };
  }

  clearTimeout(timer: unknown): void {
    if (!timer) return;
    const { handle, timer: task } = timer as ReturnType<MachineClock['setTimeout']>;
    this.world.clearTimeout(task);
    this.#late.delete(handle);
  }

  sleep(): void {
    if (this.#state === 'awake') this.#state = 'asleep';
  }

  /** What became due in sleep runs now, in order. */
  wake(): void {
    if (this.#state !== 'asleep') return;
    this.#state = 'awake';
    const late = [...this.#late];
    this.#late = new Set();
    for (const handle of late) this.setTimeout(handle.run, 0);
  }

  /** Nothing of this process ever runs again. */
  kill(): void {
    this.#state = 'dead';
    this.#late.clear();
  }
}
