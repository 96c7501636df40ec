import { type BenchArgs, type BenchResult, numberArg, step, table } from './report.ts';
import { cpuOf } from './rig/cpu.ts';
import { growthRows, measureGrowth } from './rig/growth.ts';
import { type Load, makeRig, type Rig, type Served } from './rig/rig.ts';

/**
 * The whole way: 200 people with two devices each in 100 conversations of 10. Messages go in through the API over HTTP,
 * are stored durably, acknowledged, pushed to 20 devices each, and fanned out by the worker. Open loop: a send is due
 * at its time whether the ones before are done or not, and times count from then. The rate goes up step by step while
 * a step keeps to the bars; the highest is then held. Baseline: the same with one message a statement, eight in flight.
 *
 * With `--rate` and `--minutes` that rate is held for so long, and the cost of a message at the end is compared with the
 * cost at the beginning.
 */
const BARS = { ackP99: 150, deliveryP99: 300 };
const PEOPLE = 200;
const DEVICES = 2;
const CONVERSATIONS = 100;
const MEMBERS = 10;

export const run = (args: BenchArgs): Promise<BenchResult> =>
  args.minutes || args.rate ? steady(args) : steps(args);

const steps = async (args: BenchArgs): Promise<BenchResult> => {
  const seconds = numberArg(args, 'seconds', 5);
  const hold = numberArg(args, 'hold', 30);
  const from = numberArg(args, 'from', 500);
  const by = numberArg(args, 'by', 500);
  const most = numberArg(args, 'most', 10_000);

  const rig = await makeRig();
  try {
    const world = await makeWorld(rig);
    rig.startWorker();
    step(
      `${PEOPLE} people × ${DEVICES} devices, ${CONVERSATIONS} conversations of ${MEMBERS}; ${seconds} s a step`,
    );

    const baseline = await withServer(rig, world, { BENCH_APPEND: 'single' }, async (at) =>
      climb((rate) => at(rate, seconds, 'one statement a message'), from, by, most),
    );
    const { curve, held } = await withServer(rig, world, {}, async (at) => {
      const curve = await climb((rate) => at(rate, seconds, 'group commit'), from, by, most);
      for (let rate = highest(curve); rate >= by; rate -= by) {
        const row = await at(rate, hold, `held ${hold} s`);
        curve.push(row);
        if (row.within) return { curve, held: row };
      }
      return { curve, held: null };
    });

    const rows = [...baseline, ...curve];
    table(rows.map(({ faults, ...row }) => ({ ...row, correct: faults.length === 0 })));
    const faults = rows.flatMap((row) =>
      row.faults.map((fault) => `${row.phase} at ${row.rate}/s: ${fault}`),
    );
    for (const fault of faults) console.error(fault);
    const base = highest(baseline);
    const value = held?.rate ?? 0;
    return {
      bench: 'send',
      value,
      unit: 'messages/s',
      baseline: base,
      ratio: base ? value / base : null,
      ok: faults.length === 0 && held !== null,
      detail: {
        heldSeconds: hold,
        ackP99Ms: held?.['ack p99'],
        deliveryP99Ms: held?.['delivery p99'],
        fanOutLagMax: held?.['lag max'],
        deliveriesPerSecond: value * MEMBERS * DEVICES,
        bars: { value: value >= 1_500 },
        curve: curve.map((row) => [row.rate, row['ack p99'], row['delivery p99']].map(Math.round)),
        faults,
      },
    };
  } finally {
    await rig.close();
  }
};

/** Minutes at the beginning and at the end that are compared; fewer in a short run. */
const ENDS = 10;

const steady = async (args: BenchArgs): Promise<BenchResult> => {
  const rate = numberArg(args, 'rate', 1_000);
  const minutes = Math.max(2, Math.round(numberArg(args, 'minutes', 60)));
  const rig = await makeRig();
  try {
    const world = await makeWorld(rig);
    const worker = rig.startWorker();
    step(
      `${rate}/s for ${minutes} minutes: ${PEOPLE} people × ${DEVICES} devices, ${CONVERSATIONS} conversations`,
    );
    const { rows, growth } = await withServer(rig, world, {}, async (at, server) => {
      const cpu = () => ({ postgres: cpuOf(rig.pid), web: cpuOf(server.pid), worker: cpuOf(worker) });
      const before = await measureGrowth(rig.db);
      const rows = [];
      for (let minute = 1; minute <= minutes; minute++) {
        const from = cpu();
        const row = await at(rate, 60, `minute ${minute}`);
        const to = cpu();
        const perThousand = (used: number) => used / (rate * 0.06);
        rows.push({
          ...row,
          postgres: perThousand(to.postgres - from.postgres),
          web: perThousand(to.web - from.web),
          worker: perThousand(to.worker - from.worker),
        });
        const { postgres, web } = rows.at(-1) as (typeof rows)[number];
        step(
          `minute ${minute}: CPU ms per 1,000 messages: Postgres ${postgres.toFixed(0)}, web ${web.toFixed(0)}`,
        );
      }
      return { rows, growth: growthRows(before, await measureGrowth(rig.db), rate * 60 * minutes) };
    });
    const size = Math.min(ENDS, Math.floor(minutes / 2));
    const mean = (some: typeof rows, of: (row: (typeof rows)[number]) => number) =>
      some.reduce((sum, row) => sum + of(row), 0) / some.length;
    const ends = { first: rows.slice(0, size), last: rows.slice(-size) };
    const end = (name: keyof typeof ends) => ({
      minutes: `${name} ${size}`,
      'Postgres CPU ms/1,000': mean(ends[name], (row) => row.postgres),
      'web CPU ms/1,000': mean(ends[name], (row) => row.web),
      'worker CPU ms/1,000': mean(ends[name], (row) => row.worker),
      'ack p50': mean(ends[name], (row) => row['ack p50']),
      'ack p99': mean(ends[name], (row) => row['ack p99']),
      'delivery p50': mean(ends[name], (row) => row['delivery p50']),
      'delivery p99': mean(ends[name], (row) => row['delivery p99']),
    });
    const [first, last] = [end('first'), end('last')];
    table([first, last]);
    table(growth);
    const faults = rows.flatMap((row) => row.faults.map((fault) => `${row.phase}: ${fault}`));
    for (const fault of faults) console.error(fault);
    const [postgres, web] = (['Postgres CPU ms/1,000', 'web CPU ms/1,000'] as const).map(
      (name) => last[name] / first[name],
    ) as [number, number];
    return {
      bench: 'send',
      value: last['Postgres CPU ms/1,000'],
      unit: `ms of Postgres CPU per 1,000 messages, last ${size} minutes; baseline: the first`,
      baseline: first['Postgres CPU ms/1,000'],
      ratio: postgres,
      ok: faults.length === 0,
      detail: {
        ...{ rate, minutes },
        webRatio: Number(web.toFixed(2)),
        bytesPerMessage: Math.round(growth.at(-1)?.['bytes a message'] ?? 0),
        bars: { postgres: postgres <= 1.1, web: web <= 1.1 },
        faults: faults.slice(0, 10),
      },
    };
  } finally {
    await rig.close();
  }
};

type Row = Awaited<ReturnType<typeof measure>>;
type At = (rate: number, seconds: number, phase: string) => Promise<Row>;

/** Up in steps while they keep to the bars, and one step more, so that the curve shows the knee. */
const climb = async (at: (rate: number) => Promise<Row>, from: number, by: number, most: number) => {
  const rows: Row[] = [];
  for (let rate = from; rate <= most; rate += by) {
    const row = await at(rate);
    rows.push(row);
    if (!row.within) break;
  }
  return rows;
};

const highest = (rows: Row[]): number =>
  Math.max(0, ...rows.filter((row) => row.within).map((row) => row.rate));

interface World {
  devices: { cookie: string; userId: string }[];
  senders: string[];
  pairs: { sender: number; conversationId: string; devices: number }[];
  conversationsOf: Map<string, string[]>;
}

const makeWorld = async (rig: Rig): Promise<World> => {
  const people = await rig.people(PEOPLE);
  const conversationsOf = new Map<string, string[]>(people.map((id) => [id, []]));
  const pairs: World['pairs'] = [];
  for (let c = 0; c < CONVERSATIONS; c++) {
    const members = Array.from({ length: MEMBERS }, (_, m) => (c * 2 + m * 20 + (c % 7) * m) % PEOPLE);
    const unique = [...new Set(members)];
    for (let extra = 0; unique.length < MEMBERS; extra++) {
      const next = (c * 31 + extra) % PEOPLE;
      if (!unique.includes(next)) unique.push(next);
    }
    const ids = unique.map((n) => people[n] as string);
    const { id } = await rig.conversation(ids, 'group');
    for (const user of ids) conversationsOf.get(user)?.push(id);
    for (const sender of unique) pairs.push({ sender, conversationId: id, devices: MEMBERS * DEVICES });
  }
  const devices = [];
  for (const userId of people) {
    for (let d = 0; d < DEVICES; d++) devices.push({ userId, cookie: await rig.cookie(userId) });
  }
  // Conversations in turn, not one after the other.
  pairs.sort((a, b) => ((a.sender * 7919) % 1009) - ((b.sender * 7919) % 1009));
  return {
    devices,
    senders: devices.filter((_, n) => n % DEVICES === 0).map(({ cookie }) => cookie),
    pairs,
    conversationsOf,
  };
};

const withServer = async <T>(
  rig: Rig,
  world: World,
  env: NodeJS.ProcessEnv,
  work: (at: At, server: Served) => Promise<T>,
): Promise<T> => {
  const server = await rig.serve('server.ts', env);
  const load = rig.load();
  try {
    const heads = await rig.heads();
    await load.order(
      {
        type: 'connect',
        port: server.port,
        senders: world.senders,
        devices: world.devices.map(({ cookie, userId }) => ({
          cookie,
          revs: Object.fromEntries(
            (world.conversationsOf.get(userId) ?? []).map((id) => [id, heads[id] ?? 0]),
          ),
        })),
      },
      'connected',
    );
    await measure(rig, server, load, world, 200, 2, 'warm-up');
    return await work(
      (rate, seconds, phase) => measure(rig, server, load, world, rate, seconds, phase),
      server,
    );
  } finally {
    await load.stop();
    await server.stop();
  }
};

const measure = async (
  rig: Rig,
  server: Served,
  load: Load,
  { pairs }: World,
  rate: number,
  seconds: number,
  phase: string,
) => {
  await server.cpu();
  const lag = watchLag(rig);
  const { result, cpuMs } = await load.order({ type: 'rate', rate, seconds, pairs }, 'rate');
  const { max, left } = await lag.stop();
  const { cpuMs: serverCpu } = await server.cpu();
  const faults = [...result.faults];
  if (result.deliveries !== result.sent * MEMBERS * DEVICES) {
    faults.push(
      `${result.deliveries} deliveries of ${result.sent} messages to ${MEMBERS * DEVICES} devices each`,
    );
  }
  return {
    phase,
    rate,
    'ack p50': result.ackP50,
    'ack p99': result.ackP99,
    'delivery p50': result.deliveryP50,
    'delivery p99': result.deliveryP99,
    refused: result.refused,
    'lag max': max,
    'lag after': left,
    'server CPU %': serverCpu / result.elapsed / 10,
    'load CPU %': cpuMs / result.elapsed / 10,
    within:
      result.ackP99 < BARS.ackP99 &&
      result.deliveryP99 < BARS.deliveryP99 &&
      result.acknowledged === result.sent &&
      result.deliveredToAll === result.sent,
    faults,
  };
};

/** How many changes the fan-out is behind, over all conversations: at most during the step, and 1 s after it. */
const watchLag = (rig: Rig) => {
  let max = 0;
  const check = async () => {
    const { rows } = await rig.db.pool.query<{ lag: number }>(
      `select coalesce(sum(c.head_rev - coalesce(k.rev, 0)), 0)::int as lag from conversation c
       left join checkpoint k on k.conversation_id = c.id and k.consumer = 'fanout'`,
    );
    const lag = rows[0]?.lag ?? 0;
    max = Math.max(max, lag);
    return lag;
  };
  const timer = setInterval(() => void check(), 500);
  return {
    stop: async () => {
      clearInterval(timer);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const during = max;
      return { max: during, left: await check() };
    },
  };
};
