import { MachineClock } from '@lockstep/testing/sim/clock';
import { seeded } from '@lockstep/testing/sim/random';
import { beforeEach } from 'vitest';
import { createEngine } from '../../src/engine.ts';
import type { Command } from '../../src/pending/command.ts';
import type { SearchesApi, Transport } from '../../src/ports.ts';
import { MemoryDisk, MemoryStore } from '../../src/store/memory.ts';
import { aloneTabs } from '../../src/tabs/alone.ts';
import type { Tabs } from '../../src/tabs/port.ts';
import type { Engine } from '../../src/types.ts';
import { ANN, BEN, clock, ownServer, server, uuid } from '../server.ts';

export { ANN, BEN, clock, network, server } from '../server.ts';

/** The conversation that Ann and Ben are in. */
export const ID = uuid(100);
/** For one more, where a test needs it. */
export const OTHER = uuid(101);
/** Of Ann's device; what `ownDisk` has made for this test. */
export let disk: MemoryDisk;
let ids = 0;

/** Called once in a file: each of its tests has an empty server but for `ID`, and a new disk for Ann's device. */
export const ownDisk = (): void => {
  ownServer();
  beforeEach(async () => {
    disk = new MemoryDisk();
    ids = 0;
    await server.create(ID);
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
  const own = new MachineClock(clock);
  let gone = false;
  const real = server.way(ANN, own);
  real.machine.up = up;
  const store = new MemoryStore({
    userId: ANN,
    disk,
    kind: 'disk',
    pause: async () => {
      if (diskMs > 0) await clock.wait(diskMs);
      if (gone) await new Promise(() => {});
    },
  });
  const engine = createEngine({
    userId: ANN,
    transport: { ...real, ...change(real) },
    clock: own,
    random: seeded(2),
    newId: () => uuid(1_000 + ++ids),
    store,
    tabs,
    cached,
    ...(searches ? { searches } : {}),
  });
  engine.start();
  const crash = () => {
    gone = true;
    real.drop();
    engine.stop();
    own.kill();
  };
  const online = () => {
    real.machine.up = true;
    engine.wake();
  };
  const offline = () => {
    real.machine.up = false;
    real.cut();
  };
  return { engine, crash, online, offline, store };
};

/** The rows of one kind on the disk. */
export const rowsOf = (name: Command['name']) =>
  [...disk.commands.values()].filter((command) => command.name === name);

export const settle = () => clock.advance(2_000);
export const bodies = (id = ID) => server.bodies(id);
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
/** Ben says `text 1` and so on, in order. */
export const say = async (count: number, id = ID) => {
  for (let i = 1; i <= count; i++) await server.send(BEN, id, `text ${i}`);
  await clock.advance(0);
};
