import { seeded } from '@lockstep/testing/sim/random';
import { Watch } from '@lockstep/testing/sim/watch';
import { createEngine } from '../../src/engine.ts';
import { MemoryDisk, MemoryStore } from '../../src/store/memory.ts';
import type { LocalStore } from '../../src/store/port.ts';
import { type HubTab, TabHub } from '../../src/tabs/hub.ts';
import type { Engine, SyncState } from '../../src/types.ts';
import { ANN, clock, server, uuid, type Way } from '../server.ts';

/** Nothing that the disk answers reaches a tab that is frozen or gone. */
const gated = <T extends object>(target: T, tab: HubTab): T =>
  new Proxy(target, {
    get: (_, name) => {
      const value = Reflect.get(target, name, target);
      if (typeof value === 'object' && value !== null) return gated(value, tab);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result = value.apply(target, args);
        return result instanceof Promise ? result.finally(() => tab.turn()) : result;
      };
    },
  });

/** A tab with a real engine, watched at every step of its state. */
export class EngineTab {
  readonly engine: Engine;
  readonly way: Way;
  readonly store: LocalStore;
  /** Client ids in the order in which this tab sent them, by conversation. */
  readonly sent = new Map<string, string[]>();
  /** Those that were on disk, or with the server, before anything happened to the tab. */
  readonly kept = new Set<string>();
  readonly #watch: Watch;
  #fault: unknown = null;

  constructor(
    readonly tab: HubTab,
    store: LocalStore,
    newId: () => string,
  ) {
    this.way = server.way(ANN, tab.clock);
    this.store = gated(store, tab);
    this.engine = createEngine({
      userId: ANN,
      transport: this.way,
      clock: tab.clock,
      random: seeded(tab.name.length),
      newId,
      store: this.store,
      tabs: tab,
      onFault: (error) => {
        this.#fault ??= error;
      },
    });
    this.#watch = new Watch(tab.name, server.stage.ledger, this.engine.getState());
    this.engine.subscribe(() => this.#watch.see(this.engine.getState()));
    this.engine.start();
  }

  get state(): SyncState {
    return this.engine.getState();
  }

  get live(): boolean {
    return this.tab.state === 'live';
  }

  /** What was wrong at any step. */
  get fault(): unknown {
    return this.#fault ?? this.#watch.violation;
  }

  send(conversationId: string, body: string): string {
    const id = this.engine.send(conversationId, body);
    this.sent.set(conversationId, [...(this.sent.get(conversationId) ?? []), id]);
    void this.engine.flush().then(() => this.kept.add(id));
    return id;
  }

  offline(): void {
    this.way.machine.up = false;
    this.way.cut();
  }

  online(): void {
    this.way.machine.up = true;
    this.engine.wake();
  }

  crash(): void {
    this.tab.crash();
    this.way.drop();
  }
}

/** The tabs of one browser of Ann, on one disk. */
export class Browser {
  readonly hub = new TabHub({ clock, random: seeded(1) });
  readonly disk = new MemoryDisk();
  readonly tabs: EngineTab[] = [];
  #ids = 0;

  constructor(
    readonly makeStore = (tab: HubTab, disk: MemoryDisk): LocalStore =>
      new MemoryStore({ userId: ANN, disk, kind: 'disk', pause: () => tab.turn() }),
  ) {}

  open(name = `tab${this.tabs.length}`): EngineTab {
    const tab = this.hub.open(name);
    const made = new EngineTab(tab, this.makeStore(tab, this.disk), () => uuid(10_000 + ++this.#ids));
    this.tabs.push(made);
    return made;
  }

  get live(): EngineTab[] {
    return this.tabs.filter((tab) => tab.live);
  }

  get leader(): EngineTab | undefined {
    return this.live.find((tab) => tab.state.leader);
  }

  /** Lets time pass, with as many turns of the real event loop for each step as a disk needs. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 25) {
      await clock.advance(Math.min(25, left));
      for (let i = 0; i < 6; i++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async until(holds: () => boolean, limitMs: number): Promise<void> {
    for (let left = limitMs; !holds(); left -= 50) {
      if (left <= 0) throw new Error(`did not come to hold within ${limitMs} ms`);
      await this.advance(50);
    }
  }
}
