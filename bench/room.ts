import { type BenchArgs, type BenchResult, numberArg, step, table } from './report.ts';
import { type Load, makeRig, type Rig, type Served } from './rig/rig.ts';

/**
 * One conversation with 1,000 devices online: messages go in through the API, are stored, and are delivered to all.
 * Closed loop on delivery: `window` messages at most are under way to the slowest device. Every device is checked: each
 * message once, in order. Baseline: the same load on Socket.IO with one emit for each socket, and nothing stored.
 */
export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const seconds = numberArg(args, 'seconds', 10);
  const devices = numberArg(args, 'devices', 1_000);
  const window = numberArg(args, 'window', 64);
  const senders = numberArg(args, 'senders', 64);

  const rig = await makeRig();
  try {
    step(`${devices} people in one conversation, ${window} messages under way, ${seconds} s a phase`);
    const people = await rig.people(devices);
    const { id, rev } = await rig.conversation(people, 'channel');
    const cookies = await Promise.all(people.map(rig.cookie));

    const phase = async (name: string, server: Served, load: Load, revs: Record<string, number>) => {
      await load.order(
        {
          type: 'connect',
          port: server.port,
          devices: cookies.map((cookie) => ({ cookie, revs })),
          senders: cookies.slice(0, senders),
        },
        'connected',
      );
      const order = { type: 'window', window, conversationId: id, devices } as const;
      await load.order({ ...order, seconds: Math.min(2, seconds) }, 'window');
      const { result, cpuMs } = await load.order({ ...order, seconds }, 'window');
      const { behind } = await load.order({ type: 'verify', heads: await rig.heads() }, 'verified');
      return {
        phase: name,
        'deliveries/s': result.deliveries / result.elapsed,
        'messages/s': result.messages / result.elapsed,
        'frames/s': result.frames / result.elapsed,
        'p99 ms': result.deliveryP99,
        'load CPU %': cpuMs / result.elapsed / 10,
        result,
        behind,
      };
    };

    const naive = await withServer(rig, 'naive.ts', (server, load) =>
      phase('one emit a socket, nothing stored', server, load, {}),
    );
    rig.startWorker();
    const ours = await withServer(rig, 'server.ts', (server, load) =>
      phase('Lockstep', server, load, { [id]: rev }),
    );
    const phases = [naive, ours];
    table(phases.map(({ result, behind, ...row }) => ({ ...row, correct: result.faults.length === 0 })));
    const faults = ours.result.faults;
    if (ours.behind > 0) faults.push(`${ours.behind} devices are not at the head`);
    if (ours.result.deliveries !== ours.result.messages * devices) {
      faults.push(
        `${ours.result.deliveries} deliveries of ${ours.result.messages} messages to ${devices} devices`,
      );
    }
    for (const fault of faults) console.error(fault);
    return {
      bench: 'room',
      value: ours['deliveries/s'],
      unit: 'deliveries/s',
      baseline: naive['deliveries/s'],
      ratio: ours['deliveries/s'] / naive['deliveries/s'],
      ok: faults.length === 0,
      detail: {
        devices,
        messagesPerSecond: Math.round(ours['messages/s']),
        framesPerSecond: Math.round(ours['frames/s']),
        p99Ms: Math.round(ours['p99 ms']),
        bars: { value: ours['deliveries/s'] >= 40_000 },
        faults,
      },
    };
  } finally {
    await rig.close();
  }
};

const withServer = async <T>(
  rig: Rig,
  file: 'server.ts' | 'naive.ts',
  work: (server: Served, load: Load) => Promise<T>,
): Promise<T> => {
  const server = await rig.serve(file);
  const load = rig.load();
  try {
    return await work(server, load);
  } finally {
    await load.stop();
    await server.stop();
  }
};
