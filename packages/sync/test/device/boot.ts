import { VirtualClock } from '@lockstep/testing/sim/clock';
import { seeded } from '@lockstep/testing/sim/random';
import { beforeEach } from 'vitest';
import { createEngine } from '../../src/engine.ts';
import type { Command } from '../../src/pending/command.ts';
import type { SearchesApi, Transport } from '../../src/ports.ts';
import { MemoryDisk, MemoryStore } from '../../src/store/memory.ts';
import { aloneTabs } from '../../src/tabs/alone.ts';
import type { Tabs } from '../../src/tabs/port.ts';
import type { Engine } from '../../src/types.ts';
import { ModelServer } from '../sim/model-server.ts';
import { Network } from '../sim/network.ts';

/** The conversation that Ann and Ben are in. */
export const ID = 'tea';
/** For one more, where a test needs it. */
export const OTHER = 'sea';
/** What `ownDisk` has made for this test. */
export let clock: VirtualClock;
export let server: ModelServer;
export let network: Network;
export let disk: MemoryDisk;
let ids = 0;

/** Called once in a file: each of its tests has a server of its own, and a new disk for Ann's device. */
export const ownDisk = (): void => {
  beforeEach(() => {
    clock = new VirtualClock();
    server = new ModelServer(() => clock.now());
    network = new Network(server, clock, seeded(1));
    disk = new MemoryDisk();
    ids = 0;
    server.create(ID, ['ann', 'ben']);
  });
};

export type Change = (real: Transport) => Partial<Transport>;

/** Ann's device, begun anew on what is on its disk. `crash` leaves it as it is, in the middle of everything. */
export const boot = (
  up = true,
  change: Change = () => ({}),
  {
    cached = 30,
    diskMs = 0,
    tabs = aloneTabs(),
    searches,
  }: { cached?: number; diskMs?: number; tabs?: Tabs; searches?: SearchesApi } = {},
) => {
  let gone = false;
  const net = { up };
  const real = network.transport('ann', net, {
    turn: () => new Promise<void>(() => {}),
    get state() {
      return gone ? 'gone' : 'live';
    },
  });
  const store = new MemoryStore({
    userId: 'ann',
    disk,
    kind: 'disk',
    pause: async () => {
      if (diskMs > 0) await clock.wait(diskMs);
      if (gone) await new Promise(() => {});
    },
  });
  const engine = createEngine({
    userId: 'ann',
    transport: { ...real, ...change(real) },
    clock,
    random: seeded(2),
    newId: () => `id-${++ids}`,
    store,
    tabs,
    cached,
    ...(searches ? { searches } : {}),
  });
  engine.start();
  const crash = () => {
    gone = true;
    net.up = false;
    real.drop();
    engine.stop();
  };
  const online = () => {
    net.up = true;
    engine.wake();
  };
  const offline = () => {
    net.up = false;
    real.cut();
  };
  return { engine, crash, online, offline, store };
};

/** The rows of one kind on the disk. */
export const rowsOf = (name: Command['name']) =>
  [...disk.commands.values()].filter((command) => command.name === name);

export const settle = () => clock.advance(2_000);
export const bodies = (id = ID) => server.conversations.get(id)?.messages.flatMap((m) => m.body ?? []) ?? [];
export const shown = (engine: Engine, id = ID) =>
  engine
    .getState()
    .timelines.get(id)
    ?.messages.flatMap((m) => m.body ?? []) ?? [];
export const entry = (engine: Engine, id = ID) => engine.getState().inbox.get(id);
export const open = async (engine: Engine, id = ID) => {
  void engine.open(id);
  await settle();
};
export const say = (count: number, id = ID) => {
  for (let i = 1; i <= count; i++) server.send('ben', id, `ben-${id}-${i}`, `text ${i}`);
  server.fanOut(id);
};
