import {
  createEngine,
  type Engine,
  type HubTab,
  type MemoryDisk,
  MemoryStore,
  type SyncState,
  type Transport,
} from '@lockstep/sync';
import type { Ledger } from './ledger.ts';
import { Machine, type SimNetwork } from './network.ts';
import { streamOf } from './random.ts';
import { Watch } from './watch.ts';

/** Longest transaction of the local store, in ms. */
const DISK_MS = 5;

/** A message that was sent, from a tab. */
export interface Sent {
  conversationId: string;
  tab: string;
}

/** What tabs share: the browser that they are in. */
export interface Browser {
  readonly name: string;
  readonly userId: string;
  readonly seed: number;
  readonly disk: MemoryDisk;
  readonly network: SimNetwork;
  readonly ledger: Ledger;
  /** Keeps nothing on disk. */
  readonly isPrivate: boolean;
  /** False without a network. */
  readonly up: boolean;
  /** What was sent from here, by client id, in order. */
  readonly sent: ReadonlyMap<string, Sent>;
  readonly newId: () => string;
}

/** A real engine in one tab of a browser, on its disk, watched at every state. */
export class Tab {
  readonly engine: Engine;
  readonly machine: Machine;
  readonly watch: Watch;
  frozen = false;

  constructor(
    readonly name: string,
    readonly hub: HubTab,
    readonly device: Browser,
  ) {
    const { userId, network, seed, ledger, disk, newId } = device;
    this.machine = new Machine(network, { name, userId, seed, clock: hub.clock });
    this.machine.up = device.up;
    const slow = streamOf(seed, name, 'disk');
    const store = new MemoryStore({
      userId,
      disk,
      kind: 'disk',
      // On the tab's own clock: a transaction that a crash finds waiting never happens.
      pause: () => new Promise((resolve) => hub.clock.setTimeout(() => resolve(), slow() * DISK_MS)),
    });
    this.engine = createEngine({
      userId,
      transport: acknowledging(network.transport(this.machine), ledger),
      clock: hub.clock,
      random: streamOf(seed, name, 'engine'),
      newId,
      ...(device.isPrivate ? {} : { store, tabs: hub }),
      cached: 2,
      onFault: (error) => {
        throw error;
      },
    });
    this.watch = new Watch(name, ledger, this.engine.getState());
    this.engine.subscribe(() => this.watch.see(this.engine.getState()));
    this.engine.start();
  }

  get state(): SyncState {
    return this.engine.getState();
  }

  draft(conversationId: string): string {
    return this.state.drafts.get(conversationId)?.text ?? '';
  }
}

/** Records acknowledged messages: from then on they must never be lost (rule 3). */
const acknowledging = (transport: Transport, ledger: Ledger): Transport => ({
  ...transport,
  send: async (conversationId, clientId, body) => {
    const message = await transport.send(conversationId, clientId, body);
    ledger.acknowledged.set(clientId, { conversationId, seq: message.seq });
    return message;
  },
});
