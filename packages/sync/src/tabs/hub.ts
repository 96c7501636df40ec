import type { Clock, Timer } from '../ports.ts';
import { channelLock } from './channel-lock.ts';
import { type Channel, Election, type Envelope, type Lock } from './election.ts';
import type { Tabs } from './port.ts';

export interface TabHubOptions {
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  /** Longest way of a message, and longest wait until a lock that became free is given to the next, in ms. */
  maxDelayMs?: number;
  /** `channel`: as pages without Web Locks do it. */
  locks?: 'web' | 'channel';
}

/** A tab of the hub: what a simulation does to it, and the parts its engine uses. */
export interface HubTab extends Tabs {
  readonly name: string;
  readonly state: 'live' | 'frozen' | 'gone';
  /** For the engine in this tab: its timers rest while the tab is frozen, and die with it. */
  readonly clock: Clock;
  /**
   * Resolves at once in a live tab, on `resume` in a frozen one, never in one that is gone: to be awaited wherever the
   * world answers this tab (network, disk), so that nothing runs in it meanwhile.
   */
  turn(): Promise<void>;
  /**
   * Stops everything in it. With `noticed` the page gets the freeze event first, as in most browsers, and gives up
   * leadership.
   */
  freeze(noticed?: boolean): void;
  resume(): void;
  /** The tab is gone without notice; the browser frees its lock. */
  crash(): void;
}

/** The tabs of one browser, in memory, in the time of a Clock: for tests and simulations. */
export class TabHub {
  readonly clock: Clock;
  readonly #random: () => number;
  readonly #maxDelay: number;
  readonly locks: 'web' | 'channel';
  readonly #tabs = new Set<Tab>();
  #holder: LockRequest | null = null;
  #waiting: LockRequest[] = [];

  constructor(options: TabHubOptions) {
    this.clock = options.clock;
    this.#random = options.random;
    this.#maxDelay = options.maxDelayMs ?? 20;
    this.locks = options.locks ?? 'web';
  }

  open(name: string): HubTab {
    const tab = new Tab(name, this, this.#random);
    this.#tabs.add(tab);
    return tab;
  }

  /** The tab that holds the lock according to the browser, whether or not the tab knows. */
  get holder(): string | null {
    return this.#holder?.tab.name ?? null;
  }

  broadcast(from: Tab, envelope: Envelope): void {
    if (from.state === 'gone') return;
    for (const tab of this.#tabs) if (tab !== from) this.#later(() => tab.deliver(envelope), tab);
  }

  request(request: LockRequest, steal: boolean): void {
    this.#later(() => {
      if (request.over || request.tab.state === 'gone') return;
      if (!steal) {
        this.#waiting.push(request);
        this.#grantNext();
        return;
      }
      const previous = this.#holder;
      this.#holder = null;
      if (previous) previous.tab.enter(() => !previous.over && previous.lost());
      this.#grant(request);
    });
  }

  free(request: LockRequest): void {
    request.over = true;
    this.#waiting = this.#waiting.filter((other) => other !== request);
    if (this.#holder !== request) return;
    this.#holder = null;
    this.#later(() => this.#grantNext());
  }

  remove(tab: Tab): void {
    this.#tabs.delete(tab);
    for (const request of [...this.#waiting, ...(this.#holder ? [this.#holder] : [])])
      if (request.tab === tab) this.free(request);
  }

  #grantNext() {
    const next = this.#holder ? undefined : this.#waiting.shift();
    if (next) this.#grant(next);
  }

  /** Also to a frozen tab: the browser does not ask. */
  #grant(request: LockRequest) {
    this.#holder = request;
    request.tab.enter(() => !request.over && request.granted());
  }

  /** `inOrder`: not before what was sent to the same tab earlier. */
  #later(run: () => void, inOrder?: Tab) {
    const now = this.clock.now();
    let at = now + this.#random() * this.#maxDelay;
    if (inOrder) {
      // At most the longest delay, even if the clock was set back since.
      at = Math.max(at, Math.min(inOrder.lastAt, now + this.#maxDelay));
      inOrder.lastAt = at;
    }
    this.clock.setTimeout(run, at - now);
  }
}

interface LockRequest {
  tab: Tab;
  over: boolean;
  granted(): void;
  lost(): void;
}

class Tab implements HubTab {
  state: 'live' | 'frozen' | 'gone' = 'live';
  /** When the last message reaches it, by the hub's clock in ms. */
  lastAt = 0;
  readonly clock: Clock;
  readonly #election: Election;
  #held: (() => void)[] = [];
  #listeners: ((envelope: Envelope) => void)[] = [];

  constructor(
    readonly name: string,
    readonly hub: TabHub,
    random: () => number,
  ) {
    this.clock = this.#ownClock();
    const webLock: Lock = {
      request: (steal, granted, lost) => {
        const request: LockRequest = { tab: this, over: false, granted, lost };
        hub.request(request, steal);
        return { release: () => hub.free(request) };
      },
    };
    const channel: Channel = {
      post: (envelope) => hub.broadcast(this, envelope),
      listen: (listener) => {
        this.#listeners.push(listener);
        return () => {
          this.#listeners = this.#listeners.filter((other) => other !== listener);
        };
      },
      close: () => {},
    };
    const lock = hub.locks === 'web' ? webLock : channelLock(channel, this.clock, name, random);
    this.#election = new Election(lock, channel, this.clock, random);
  }

  /** Runs in the tab: now, when it resumes, or never. */
  enter(run: () => void): void {
    if (this.state === 'live') run();
    else if (this.state === 'frozen') this.#held.push(run);
  }

  deliver(envelope: Envelope): void {
    this.enter(() => {
      for (const listener of this.#listeners) listener(envelope);
    });
  }

  lead(callbacks: { onLead(): void; onLeadershipLost(): void }): () => void {
    return this.#election.lead(callbacks);
  }

  waiting(waits: boolean): void {
    this.#election.waiting(waits);
  }

  post(message: Parameters<Tabs['post']>[0]): void {
    this.#election.post(message);
  }

  listen(listener: Parameters<Tabs['listen']>[0]): () => void {
    return this.#election.listen(listener);
  }

  turn(): Promise<void> {
    return new Promise((resolve) => this.enter(resolve));
  }

  freeze(noticed = false): void {
    if (this.state !== 'live') return;
    if (noticed) this.#election.suspend();
    this.state = 'frozen';
  }

  resume(): void {
    if (this.state !== 'frozen') return;
    this.state = 'live';
    const held = this.#held;
    this.#held = [];
    for (const run of held) this.enter(run);
    this.#election.resume();
  }

  crash(): void {
    this.state = 'gone';
    this.#held = [];
    this.#listeners = [];
    this.hub.remove(this);
  }

  close(): void {
    if (this.state === 'gone') return;
    this.#election.close();
    this.crash();
  }

  #ownClock(): Clock {
    const { clock } = this.hub;
    const cancelled = new WeakSet<object>();
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimeout: (run, ms) => {
        const timer: { real?: Timer } = {};
        timer.real = clock.setTimeout(() => this.enter(() => !cancelled.has(timer) && run()), ms);
        return timer;
      },
      clearTimeout: (timer) => {
        if (typeof timer !== 'object' || timer === null) return;
        cancelled.add(timer);
        clock.clearTimeout((timer as { real?: Timer }).real);
      },
    };
  }
}
