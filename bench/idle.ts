import { type BenchArgs, type BenchResult, numberArg, step, table } from './report.ts';
import { type Load, makeRig, type Rig, type Served } from './rig/rig.ts';

/**
 * One web process with 10,000 signed-in devices that say nothing: how long they take to connect all at once, what each
 * costs in memory, what all cost in CPU, and how long a message takes to one of them. Baseline: the same on Socket.IO
 * without sessions, rooms and bounds. Memory is that of the process, from 100 devices on.
 */
const LOADS = 2;
const FIRST = 100;
const GROUP = 50;
const GROUPS_EACH = 5;
const BARS = { pushP99: 10 };

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const devices = numberArg(args, 'devices', 10_000);
  const seconds = numberArg(args, 'seconds', 20);
  const rig = await makeRig({ poolSize: 10 });
  try {
    const world = await makeWorld(rig, devices);
    step(`${devices} people with a device each, in ${GROUPS_EACH} groups of ${GROUP}, and one pair`);
    const naive = await withServer(rig, 'naive.ts', (server) => measure(rig, server, world, 0));
    const ours = await withServer(rig, 'server.ts', (server) => measure(rig, server, world, seconds));
    table([
      { server: 'Socket.IO alone', ...naive.row },
      { server: 'Lockstep', ...ours.row },
    ]);
    for (const fault of ours.faults) console.error(fault);
    return {
      bench: 'idle',
      value: ours.row['KB a socket'],
      unit: 'KB a socket',
      baseline: naive.row['KB a socket'],
      ratio: ours.row['KB a socket'] / naive.row['KB a socket'],
      ok: ours.faults.length === 0,
      detail: {
        devices,
        connectMs: Math.round(ours.row['connect ms']),
        baselineConnectMs: Math.round(naive.row['connect ms']),
        emptyMb: Math.round(ours.row['MB at first']),
        idleCpuPercent: ours.row['idle CPU %'],
        pushP50Ms: ours.row['push p50'],
        pushP99Ms: ours.row['push p99'],
        bars: { pushP99: ours.row['push p99'] < BARS.pushP99 },
        faults: ours.faults,
      },
    };
  } finally {
    await rig.close();
  }
};

interface World {
  cookies: string[];
  /** Of the first two people. */
  pair: { id: string; rev: number };
}

const makeWorld = async (rig: Rig, devices: number): Promise<World> => {
  const people = await rig.people(devices);
  const starts = Array.from({ length: GROUPS_EACH }, (_, n) => n * 7);
  for (const start of starts) {
    const groups = [];
    for (let at = 0; at < devices; at += GROUP) {
      groups.push(Array.from({ length: GROUP }, (_, k) => people[(start + at + k) % devices] as string));
    }
    while (groups.length > 0)
      await Promise.all(
        groups.splice(0, 10).map((members) => rig.conversation([...new Set(members)], 'group')),
      );
  }
  const pair = await rig.conversation(people.slice(0, 2), 'group');
  const cookies: string[] = [];
  for (let at = 0; at < devices; at += 50)
    cookies.push(...(await Promise.all(people.slice(at, at + 50).map(rig.cookie))));
  return { cookies, pair };
};

const withServer = async <T>(
  rig: Rig,
  file: 'server.ts' | 'naive.ts',
  work: (server: Served) => Promise<T>,
): Promise<T> => {
  const server = await rig.serve(file, { MAX_CONNECTIONS: '100000' });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
};

const measure = async (rig: Rig, server: Served, { cookies, pair }: World, seconds: number) => {
  const loads: Load[] = [];
  const connect = async (some: string[], revs: Record<string, number>) => {
    const load = rig.load();
    loads.push(load);
    const devices = some.map((cookie) => ({ cookie, revs }));
    await load.order({ type: 'connect', port: server.port, devices, senders: some.slice(0, 1) }, 'connected');
    return load;
  };
  try {
    const first = await connect(cookies.slice(0, 2), { [pair.id]: pair.rev });
    await connect(cookies.slice(2, FIRST), {});
    const before = await server.cpu();
    const startedAt = performance.now();
    const rest = cookies.slice(FIRST);
    const share = Math.ceil(rest.length / LOADS);
    await Promise.all(
      Array.from({ length: LOADS }, (_, n) => connect(rest.slice(n * share, (n + 1) * share), {})),
    );
    const connectMs = performance.now() - startedAt;
    const connected = await server.cpu();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const idle = await server.cpu();
    const faults: string[] = [];
    let push = { deliveryP50: 0, deliveryP99: 0 };
    if (seconds > 0) {
      const pairs = [{ sender: 0, conversationId: pair.id, devices: 2 }];
      const order = { type: 'rate', rate: 50, pairs } as const;
      await first.order({ ...order, seconds: 2 }, 'rate');
      const { result } = await first.order({ ...order, seconds: 10 }, 'rate');
      push = result;
      faults.push(...result.faults);
      if (result.deliveredToAll !== result.sent)
        faults.push(`${result.deliveredToAll} of ${result.sent} messages came to both devices`);
    }
    return {
      faults,
      row: {
        'MB at first': before.rssMb,
        'MB with all': idle.rssMb,
        'KB a socket': ((idle.rssMb - before.rssMb) * 1_024) / rest.length,
        'connect ms': connectMs,
        'connect CPU ms': connected.cpuMs,
        'idle CPU %': seconds > 0 ? idle.cpuMs / seconds / 10 : 0,
        'push p50': push.deliveryP50,
        'push p99': push.deliveryP99,
      },
    };
  } finally {
    await Promise.all(loads.map((load) => load.stop()));
  }
};
