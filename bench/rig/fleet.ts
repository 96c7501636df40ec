import { createEngine, createHttp, createTransport, type Engine, type Transport } from '@lockstep/sync';

/** Many devices, each a real engine over real HTTP and a real socket, in a process of its own. Takes orders. */

export interface FleetDevice {
  userId: string;
  cookie: string;
  /** Conversations, the one on screen first. */
  conversations: string[];
}

export type FleetOrder =
  | { type: 'start'; url: string; devices: FleetDevice[] }
  /** By user id, the digest that the server has: tells when each device has the same. */
  | { type: 'back'; digests: Record<string, string>; timeoutMs: number }
  /** Compares with the server's own answer, the windows too. */
  | { type: 'compare' }
  /** Each client asks for the whole list and the newest page of every conversation. */
  | { type: 'naive' };

export type FleetReport =
  | { type: 'started' }
  /** Milliseconds of each device from being back to having the digest; null for those that never did. */
  | {
      type: 'agreed';
      times: (number | null)[];
      calls: Record<string, number>;
      refused: Record<string, number>;
      cpuMs: number;
    }
  | { type: 'compared'; different: number; missing: number }
  | { type: 'fetched'; times: number[]; calls: Record<string, number>; failed: Record<string, number> }
  | { type: 'failed'; error: string };

interface Running {
  device: FleetDevice;
  engine: Engine;
  transport: Transport;
}

const PAGE = 50;
/** Connections that a browser opens to one server. */
const PARALLEL = 6;

let fleet: Running[] = [];
let url = '';
/** Calls by procedure. */
let calls: Record<string, number> = {};
/** What the server answered to calls but their results, by code. */
let refused: Record<string, number> = {};

const counting: typeof fetch = async (...args) => {
  const procedure = /trpc\/([\w.]+)/.exec(String(args[0]))?.[1] ?? 'other';
  calls[procedure] = (calls[procedure] ?? 0) + 1;
  const response = await fetch(...args);
  if (!response.ok) refused[response.status] = (refused[response.status] ?? 0) + 1;
  return response;
};

const until = (engine: Engine, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = () => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = engine.subscribe(check);
    check();
  });

/** Compared a little after each change: a digest after every one would cost more than what is measured. In ms. */
const COMPARE_MS = 50;

const untilAgreed = (engine: Engine, digest: string): Promise<void> =>
  new Promise((resolve) => {
    let due = false;
    const check = () => {
      due = false;
      if (engine.digest().overall !== digest) return;
      stop();
      resolve();
    };
    const stop = engine.subscribe(() => {
      if (!due) setTimeout(check, COMPARE_MS);
      due = true;
    });
  });

const isReady = ({ engine }: Running) => {
  const { caughtUp, connection } = engine.getState();
  return caughtUp && connection === 'online';
};

const start = async (devices: FleetDevice[]): Promise<FleetReport> => {
  // A few at a time: how they come back is what is measured, not this.
  for (let at = 0; at < devices.length; at += 20) {
    const some = devices.slice(at, at + 20).map((device) => {
      const headers = { cookie: device.cookie, origin: url };
      const transport = createTransport({ url, headers, fetch: counting });
      return { device, transport, engine: createEngine({ userId: device.userId, transport }) };
    });
    for (const { engine } of some) engine.start();
    await Promise.all(some.map((one) => until(one.engine, () => isReady(one))));
    await Promise.all(some.map(({ engine, device }) => engine.open(device.conversations[0] as string)));
    fleet.push(...some);
  }
  return { type: 'started' };
};

const back = async (digests: Record<string, string>, timeoutMs: number): Promise<FleetReport> => {
  calls = {};
  refused = {};
  const began = performance.now();
  const cpu = process.cpuUsage();
  const waits = fleet.map(async ({ engine, device }) => {
    let timer: NodeJS.Timeout | undefined;
    const agrees = untilAgreed(engine, digests[device.userId] as string);
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), timeoutMs);
    });
    const time = await Promise.race([agrees.then(() => performance.now() - began), late]);
    clearTimeout(timer);
    return time;
  });
  for (const { engine } of fleet) engine.wake();
  const times = await Promise.all(waits);
  const { user, system } = process.cpuUsage(cpu);
  return { type: 'agreed', times, calls, refused, cpuMs: (user + system) / 1_000 };
};

/** `times` of `work`, `parallel` at a time. */
const all = async <T>(items: readonly T[], parallel: number, work: (item: T) => Promise<void>) => {
  const rest = [...items];
  const next = async (): Promise<void> => {
    const item = rest.shift();
    if (item === undefined) return;
    await work(item);
    return next();
  };
  await Promise.all(Array.from({ length: parallel }, next));
};

const compare = async (): Promise<FleetReport> => {
  let different = 0;
  let missing = 0;
  await all(fleet, 10, async ({ engine, transport }) => {
    const local = engine.digest();
    const server = await transport.digest(
      local.ranges.map(({ conversationId, from, to }) => ({ conversationId, from, to })),
    );
    const same = local.ranges.every((range, i) => range.digest === server.ranges[i]);
    if (local.overall !== server.overall || !same) different++;
    if (local.ranges.length === 0) missing++;
  });
  return { type: 'compared', different, missing };
};

const naive = async (): Promise<FleetReport> => {
  calls = {};
  const failed: Record<string, number> = {};
  const times = await Promise.all(
    fleet.map(async ({ device }) => {
      const began = performance.now();
      const { query } = createHttp({
        url,
        headers: { cookie: device.cookie, origin: url },
        fetch: counting,
        timeoutMs: 120_000,
      });
      const counted = (call: Promise<unknown>) =>
        call.catch((error: Error) => {
          failed[error.message] = (failed[error.message] ?? 0) + 1;
        });
      await counted(query('sync.inbox', { afterPos: 0 }));
      await all(device.conversations, PARALLEL, async (conversationId) => {
        await counted(query('messages.before', { conversationId, limit: PAGE }));
      });
      return performance.now() - began;
    }),
  );
  return { type: 'fetched', times, calls, failed };
};

const follow = (order: FleetOrder): Promise<FleetReport> => {
  if (order.type === 'start') {
    fleet = [];
    url = order.url;
    return start(order.devices);
  }
  if (order.type === 'back') return back(order.digests, order.timeoutMs);
  if (order.type === 'compare') return compare();
  for (const { engine } of fleet) engine.stop();
  return naive();
};

process.on('message', (order: FleetOrder) => {
  follow(order).then(
    (report) => process.send?.(report),
    (error: Error) => process.send?.({ type: 'failed', error: error.stack ?? error.message }),
  );
});
