import { StartError } from './steps.mjs';

/** A part of the product that runs: a process, ours or one that we have taken over. */
export interface Instance {
  /** Resolves with how it ended, in words: `was ended by SIGTERM`. */
  ended: Promise<string>;
  /** The last lines of its log: why it ended. */
  reason(): string;
  stop(): Promise<void>;
}

/** What `/healthz` says of a part. */
export interface PartState {
  name: string;
  running: boolean;
  /** How often it has ended by itself since `npm start`. */
  failures: number;
  lastFailure: { how: string; at: string } | null;
}

/** So many failures of one part within a minute end everything: it would not get better. */
const MAX_FAILURES = 3;
const MINUTE_MS = 60_000;
/** Wait before the first start after a failure; doubled for each further failure within the minute. */
const FIRST_WAIT_MS = 500;
/** Between two starts while something hinders a part. */
const BLOCKED_WAIT_MS = 2_000;

/** Keeps the parts of the product running: what ends by itself is started again, and said. */
export class Supervisor {
  /** Rejects with StartError when a part fails again and again, or before `settled`. Never resolves. */
  readonly broken: Promise<never>;
  /** From now on a part that ends is started again; before, it ends the start. */
  settled = false;
  #break: (error: Error) => void = () => {};
  #parts: SupervisedPart<Instance>[] = [];
  #listeners: (() => void)[] = [];

  /** `print` prints one line for the person at the console. */
  constructor(readonly print: (line: string) => void = console.error) {
    this.broken = new Promise((_, reject) => {
      this.#break = reject;
    });
    this.broken.catch(() => {});
  }

  /**
   * A part that `start` starts; `start` is called again after each failure. `blocker` says in words why it cannot run
   * for now, though nothing is wrong with it: then it is tried until it runs, however long that takes.
   */
  add<T extends Instance>(
    name: string,
    start: () => Promise<T>,
    blocker: () => string | null = () => null,
  ): SupervisedPart<T> {
    const part = new SupervisedPart(name, start, this, blocker);
    this.#parts.push(part as unknown as SupervisedPart<Instance>);
    return part;
  }

  states(): PartState[] {
    return this.#parts.map(({ state }) => state);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  giveUp(line: string): void {
    this.#break(new StartError(line));
  }
}

export class SupervisedPart<T extends Instance> {
  readonly state: PartState;
  #instance: T | null = null;
  #starting: Promise<void> | null = null;
  #wanted = false;
  #failures: number[] = [];
  /** It was last kept from running by its hindrance, and that was said. */
  #isBlocked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    name: string,
    private readonly run: () => Promise<T>,
    private readonly supervisor: Supervisor,
    private readonly blocker: () => string | null,
  ) {
    this.state = { name, running: false, failures: 0, lastFailure: null };
  }

  /** The process that runs, or ran last. */
  get instance(): T {
    if (!this.#instance) throw new Error(`${this.state.name} was never started`);
    return this.#instance;
  }

  /** Rejects when it cannot be started: the first time that is for the caller to say. */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#starting = this.#run();
    await this.#starting;
  }

  /** Stops it, and keeps it stopped. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    await this.#starting?.catch(() => {});
    await this.#instance?.stop();
  }

  /** From now on its end is no failure: a test is about to kill it. */
  release(): T {
    this.#wanted = false;
    return this.instance;
  }

  async #run(): Promise<void> {
    const instance = await this.run();
    this.#instance = instance;
    this.#set({ running: true });
    if (this.#isBlocked) this.supervisor.print(`${this.state.name} is running again.`);
    this.#isBlocked = false;
    void instance.ended.then((how) => {
      this.#set({ running: false });
      if (this.#wanted) this.#failed(how, instance.reason());
    });
  }

  #failed(how: string, reason: string): void {
    const now = Date.now();
    const { name } = this.state;
    const blocker = this.supervisor.settled ? this.blocker() : null;
    if (blocker) {
      this.#set({ failures: this.state.failures + 1, lastFailure: { how, at: new Date(now).toISOString() } });
      if (!this.#isBlocked)
        this.supervisor.print(
          `${name} ${how}. ${blocker}: it is started again as soon as it can. No message is lost.`,
        );
      this.#isBlocked = true;
      this.#startIn(BLOCKED_WAIT_MS);
      return;
    }
    this.#failures = [...this.#failures.filter((at) => now - at < MINUTE_MS), now];
    this.#set({ failures: this.state.failures + 1, lastFailure: { how, at: new Date(now).toISOString() } });
    const count = this.#failures.length;
    if (!this.supervisor.settled || count >= MAX_FAILURES) {
      const often = count > 1 ? ` (${count} times within a minute)` : '';
      this.supervisor.giveUp(`${reason}\n\n${name} ${how}${often}: see above. Everything is stopped`);
      return;
    }
    const wait = FIRST_WAIT_MS * 2 ** (count - 1);
    this.supervisor.print(`${name} ${how}; it is started again. No message is lost.`);
    this.#startIn(wait);
  }

  #startIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#starting = this.#run().catch((error: Error) => {
        if (this.#wanted) this.#failed('could not be started again', error.message);
      });
    }, ms);
  }

  #set(change: Partial<PartState>): void {
    Object.assign(this.state, change);
    this.supervisor.changed();
  }
}
