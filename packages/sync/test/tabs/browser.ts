import assert from 'node:assert/strict';
import { createEngine } from '../../src/engine.ts';
import type { PushHandlers, Transport } from '../../src/ports.ts';
import type { LocalStore } from '../../src/store/port.ts';
import { type HubTab, TabHub, type TabHubOptions } from '../../src/tabs/hub.ts';
import type { Engine, SyncState } from '../../src/types.ts';
import { checkWindow } from '../sim/device.ts';
import type { Network } from '../sim/network.ts';

/** Nothing that the world answers reaches a tab that is frozen or gone: neither before it acts nor after. */
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

const gatedHandlers = (handlers: PushHandlers, tab: HubTab): PushHandlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (event: never) => void tab.turn().then(() => (handle as (event: never) => void)(event)),
    ]),
  ) as unknown as PushHandlers;

/** A tab with a real engine, watched at every step of its state. */
export class EngineTab {
  readonly engine: Engine;
  readonly net = { up: true };
  readonly transport: Transport & { cut(): void };
  readonly store: LocalStore;
  /** Client ids in the order in which this tab sent them, by conversation. */
  readonly sent = new Map<string, string[]>();
  /** Those that were on disk, or with the server, before anything happened to the tab. */
  readonly kept = new Set<string>();
  violation: Error | null = null;
  #ids = 0;

  constructor(
    readonly tab: HubTab,
    readonly network: Network,
    store: LocalStore,
  ) {
    this.transport = network.transport('ann', this.net);
    this.store = gated(store, tab);
    const way = gated(this.transport, tab);
    this.engine = createEngine({
      userId: 'ann',
      transport: {
        ...Object.fromEntries(
          (Object.keys(this.transport) as (keyof Transport)[]).map((name) => [name, way[name]]),
        ),
        connect: (handlers) => this.transport.connect(gatedHandlers(handlers, tab)),
      } as Transport,
      clock: tab.clock,
      random: network.random,
      newId: () => `${tab.name}-${++this.#ids}`,
      store: this.store,
      tabs: tab,
      onFault: (error) => {
        this.violation ??= error as Error;
      },
    });
    this.engine.subscribe(() => {
      try {
        this.#watch(this.engine.getState());
      } catch (error) {
        this.violation ??= error as Error;
      }
    });
    this.engine.start();
  }

  get state(): SyncState {
    return this.engine.getState();
  }

  get live(): boolean {
    return this.tab.state === 'live';
  }

  send(conversationId: string, body: string): string {
    const id = this.engine.send(conversationId, body);
    this.sent.set(conversationId, [...(this.sent.get(conversationId) ?? []), id]);
    void this.engine.flush().then(() => this.kept.add(id));
    return id;
  }

  crash(): void {
    this.tab.crash();
    this.net.up = false;
    this.transport.cut();
  }

  /** No message twice, none out of place. */
  #watch(state: SyncState) {
    for (const [id, timeline] of state.timelines) {
      checkWindow(this.network.server, id, timeline);
      const stored = timeline.messages.map((m) => m.clientId);
      const shown = [...stored, ...state.outbox.flatMap((i) => (i.conversationId === id ? i.clientId : []))];
      assert.equal(new Set(shown).size, shown.length, `${this.tab.name} shows a message twice: ${shown}`);
    }
  }
}

/** The tabs of one browser of Ann, on one disk. */
export class Browser {
  readonly hub: TabHub;
  readonly tabs: EngineTab[] = [];

  constructor(
    readonly network: Network,
    readonly makeStore: (tab: HubTab) => LocalStore,
    options: Partial<TabHubOptions> = {},
  ) {
    this.hub = new TabHub({ clock: network.clock, random: network.random, ...options });
  }

  open(name = `tab${this.tabs.length}`): EngineTab {
    const tab = this.hub.open(name);
    const made = new EngineTab(tab, this.network, this.makeStore(tab));
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
      await this.network.clock.advance(Math.min(25, left));
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
