import type { Clock, Timer } from '../ports.ts';
import type { TabMessage, Tabs } from './port.ts';

/** A lock that one tab holds; the others queue for it. */
export interface Lock {
  /**
   * Queues for the lock, or with `steal` takes it from its holder. Calls `granted` once, then `lost` once if it is
   * stolen; only `lost` if the lock is not available at all. Never calls either after `release` or during this call.
   */
  request(steal: boolean, granted: () => void, lost: () => void): { release(): void };
}

/** Reaches all other tabs, in order. What tabs say to each other (`tab`), and the election among them. */
export interface Channel {
  post(message: Envelope): void;
  /** Returns the way to stop. */
  listen(listener: (message: Envelope) => void): () => void;
  close(): void;
}

export type Envelope =
  | { kind: 'tab'; message: TabMessage }
  /** "Does anyone lead?", and the leader's answer, which it also gives when it begins. */
  | { kind: 'ask' }
  | { kind: 'here' }
  /** See channel-lock.ts. */
  | { kind: 'claim'; id: string; steal: boolean };

/** How often a waiting tab asks whether the leader is alive, in ms, and how many questions may stay unanswered. */
const ASK_EVERY_MS = 1_000;
const UNANSWERED = 4;
/** Delay before an unavailable lock is requested again, in ms. */
const RETRY_MS = 2_000;

/** Tabs over a lock and a channel. `suspend` and `resume` are for a page that is frozen or put away. */
export class Election implements Tabs {
  readonly #listeners = new Set<(message: TabMessage) => void>();
  #callbacks: { onLead(): void; onLeadershipLost(): void } | null = null;
  #request: { release(): void } | null = null;
  #leading = false;
  #waits = false;
  #suspended = false;
  #closed = false;
  #asking: Timer | null = null;
  #unanswered = 0;

  constructor(
    readonly lock: Lock,
    readonly channel: Channel,
    readonly clock: Clock,
    /** In [0, 1): so that tabs which notice at the same time do not steal at the same time. */
    readonly random: () => number,
  ) {
    channel.listen((envelope) => this.#receive(envelope));
  }

  lead(callbacks: { onLead(): void; onLeadershipLost(): void }): () => void {
    // A new candidacy ends the one before it.
    this.#loseLead();
    this.#callbacks = callbacks;
    if (!this.#suspended && !this.#closed) this.#requestLock(false);
    return () => {
      if (this.#callbacks !== callbacks) return;
      this.#callbacks = null;
      this.#leading = false;
      this.#withdraw();
    };
  }

  waiting(waits: boolean): void {
    if (waits === this.#waits) return;
    this.#waits = waits;
    this.#watch();
  }

  post(message: TabMessage): void {
    if (!this.#closed) this.channel.post({ kind: 'tab', message });
  }

  listen(listener: (message: TabMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#callbacks = null;
    this.#leading = false;
    this.#listeners.clear();
    this.#withdraw();
    this.#watch();
    this.channel.close();
  }

  /** Gives up leadership before the page is frozen. */
  suspend(): void {
    if (this.#suspended || this.#closed) return;
    this.#suspended = true;
    this.#watch();
    this.#withdraw();
    this.#loseLead();
  }

  resume(): void {
    if (!this.#suspended || this.#closed) return;
    this.#suspended = false;
    if (this.#callbacks) this.#requestLock(false);
    this.#watch();
  }

  #requestLock(steal: boolean) {
    this.#withdraw();
    let held = false;
    const request = this.lock.request(
      steal,
      () => {
        held = true;
        this.#leading = true;
        this.#watch();
        this.channel.post({ kind: 'here' });
        this.#callbacks?.onLead();
      },
      () => {
        if (this.#request === request) this.#request = null;
        this.#loseLead();
        const again = () => {
          if (this.#callbacks && !this.#request && !this.#suspended) this.#requestLock(false);
        };
        if (held) again();
        else this.clock.setTimeout(again, RETRY_MS);
      },
    );
    this.#request = request;
  }

  #withdraw() {
    const request = this.#request;
    this.#request = null;
    request?.release();
  }

  #loseLead() {
    if (!this.#leading) return;
    this.#leading = false;
    this.#callbacks?.onLeadershipLost();
    this.#watch();
  }

  #receive(envelope: Envelope) {
    if (envelope.kind === 'tab') for (const listener of [...this.#listeners]) listener(envelope.message);
    else if (envelope.kind === 'here') this.#unanswered = 0;
    else if (envelope.kind === 'ask' && this.#leading) this.channel.post({ kind: 'here' });
  }

  /** Asks the leader while this tab waits for it. */
  #watch() {
    const needed = this.#waits && !this.#leading && !this.#suspended && !this.#closed;
    if (needed === (this.#asking !== null)) return;
    if (this.#asking !== null) {
      this.clock.clearTimeout(this.#asking);
      this.#asking = null;
      return;
    }
    this.#unanswered = 0;
    this.#ask();
  }

  /**
   * Counts unanswered questions instead of time, so that a page that was frozen itself or has slow timers does not
   * blame the leader.
   */
  #ask() {
    this.#unanswered++;
    this.channel.post({ kind: 'ask' });
    this.#asking = this.clock.setTimeout(
      () => {
        if (this.#unanswered >= UNANSWERED && this.#callbacks) {
          this.#unanswered = 0;
          this.#requestLock(true);
        }
        this.#ask();
      },
      ASK_EVERY_MS + this.random() * 200,
    );
  }
}
