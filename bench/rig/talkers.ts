import { randomUUID } from 'node:crypto';
import { type Calls, createEngine, createHttp, createTransport, type Engine } from '@lockstep/sync';
import { percentile } from '../report.ts';

/**
 * People who write and read while web processes come and go: each a real engine over real HTTP and a real socket, and a
 * sender beside it. In a process of its own. Takes orders.
 */

export interface Talker {
  userId: string;
  cookie: string;
  /** On screen; all talkers of it get what is written in it. */
  conversationId: string;
}

export type TalkOrder =
  | { type: 'start'; url: string; talkers: Talker[] }
  | { type: 'begin'; rate: number }
  | { type: 'end' }
  /** Once everything has arrived: what each device has, beside what the server has. */
  | { type: 'compare' };

export interface Talked {
  sent: number;
  /** Sends whose first attempt was not acknowledged, by reason. They are repeated with their id, as a client does. */
  failed: Record<string, number>;
  /** Acknowledged, and not on every device 15 s after the last. */
  missing: number;
  /** On a device more than once. */
  doubled: number;
  /** How often a device was not online for a moment. */
  disconnects: number;
  ackP50: number;
  ackP99: number;
  deliveryP50: number;
  deliveryP99: number;
  deliveryMax: number;
}

export type TalkReport =
  | { type: 'started' }
  | { type: 'begun' }
  | { type: 'ended'; talked: Talked }
  /** `acknowledged`: client ids of all. `different`: devices whose digest is not the server's. */
  | { type: 'compared'; acknowledged: string[]; different: number }
  | { type: 'failed'; error: string };

const RETRY_MS = 100;
const DRAIN_MS = 15_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Running {
  talker: Talker;
  engine: Engine;
  calls: Calls;
}

interface UnderWay {
  dueAt: number;
  left: number;
}

let running: Running[] = [];
const devicesOf = new Map<string, number>();
/** By client id, until it is on the last device. */
const underWay = new Map<string, UnderWay>();
const acknowledged: string[] = [];
let sending: Promise<void> | null = null;
let goesOn = false;

const nothing = () => ({
  sent: 0,
  failed: {} as Record<string, number>,
  doubled: 0,
  disconnects: 0,
  acks: [] as number[],
  deliveries: [] as number[],
});
let now = nothing();

const follow = (engine: Engine, conversationId: string) => {
  const seen = new Set<string>();
  let lastSeq = 0;
  let online = true;
  engine.subscribe(() => {
    const { connection, timelines } = engine.getState();
    if (online && connection !== 'online') now.disconnects++;
    online = connection === 'online';
    const messages = timelines.get(conversationId)?.messages ?? [];
    let first = messages.length;
    while (first > 0 && (messages[first - 1]?.seq ?? 0) > lastSeq) first--;
    for (const { clientId, seq } of messages.slice(first)) {
      lastSeq = seq;
      if (clientId) arrived(clientId, seen);
    }
  });
};

const arrived = (clientId: string, seen: Set<string>) => {
  if (seen.has(clientId)) now.doubled++;
  seen.add(clientId);
  const one = underWay.get(clientId);
  if (!one || --one.left > 0) return;
  underWay.delete(clientId);
  now.deliveries.push(performance.now() - one.dueAt);
};

const start = async (url: string, talkers: Talker[]) => {
  for (const { conversationId } of talkers)
    devicesOf.set(conversationId, (devicesOf.get(conversationId) ?? 0) + 1);
  running = await Promise.all(
    talkers.map(async (talker) => {
      const options = { url, headers: { cookie: talker.cookie, origin: url } };
      const engine = createEngine({ userId: talker.userId, transport: createTransport(options) });
      engine.start();
      await until(engine);
      await engine.open(talker.conversationId);
      follow(engine, talker.conversationId);
      return { talker, engine, calls: createHttp(options) };
    }),
  );
};

const until = (engine: Engine): Promise<void> =>
  new Promise((resolve) => {
    const check = () => {
      const { caughtUp, connection } = engine.getState();
      if (!caughtUp || connection !== 'online') return;
      stop();
      resolve();
    };
    const stop = engine.subscribe(check);
    check();
  });

const send = async ({ calls, talker: { conversationId } }: Running, dueAt: number) => {
  const clientId = randomUUID();
  const body = `a message of a length that people write, give or take a word or two, number ${now.sent++}`;
  underWay.set(clientId, { dueAt, left: devicesOf.get(conversationId) ?? 0 });
  for (let attempt = 0; ; attempt++) {
    try {
      await calls.mutate('messages.send', { conversationId, clientId, body });
      now.acks.push(performance.now() - dueAt);
      acknowledged.push(clientId);
      return;
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } };
      const reason = cause?.code ?? message;
      if (attempt === 0) now.failed[reason] = (now.failed[reason] ?? 0) + 1;
      await pause(RETRY_MS);
    }
  }
};

/** Open loop: a send is due every 1/rate s, whether or not earlier ones have finished. */
const sendAt = async (rate: number) => {
  const began = performance.now();
  const sends: Promise<void>[] = [];
  while (goesOn) {
    for (; sends.length < ((performance.now() - began) / 1_000) * rate; )
      sends.push(
        send(running[sends.length % running.length] as Running, began + (sends.length / rate) * 1_000),
      );
    await pause(1);
  }
  await Promise.all(sends);
  for (const end = performance.now() + DRAIN_MS; underWay.size > 0 && performance.now() < end; )
    await pause(5);
};

const end = async (): Promise<Talked> => {
  goesOn = false;
  await sending;
  const { acks, deliveries, ...counts } = now;
  for (const list of [acks, deliveries]) list.sort((a, b) => a - b);
  const missing = underWay.size;
  underWay.clear();
  return {
    ...counts,
    missing,
    ackP50: percentile(acks, 0.5),
    ackP99: percentile(acks, 0.99),
    deliveryP50: percentile(deliveries, 0.5),
    deliveryP99: percentile(deliveries, 0.99),
    deliveryMax: deliveries.at(-1) ?? 0,
  };
};

const isDifferent = async ({ engine, calls }: Running): Promise<boolean> => {
  const local = engine.digest();
  const ranges = local.ranges.map(({ conversationId, from, to }) => ({ conversationId, from, to }));
  const server = await calls.mutate('sync.digest', { ranges });
  return (
    ranges.length === 0 ||
    local.overall !== server.overall ||
    local.ranges.some(({ digest }, index) => digest !== server.ranges[index])
  );
};

const carryOut = async (order: TalkOrder): Promise<TalkReport> => {
  switch (order.type) {
    case 'start':
      await start(order.url, order.talkers);
      return { type: 'started' };
    case 'begin':
      now = nothing();
      goesOn = true;
      sending = sendAt(order.rate);
      return { type: 'begun' };
    case 'end':
      return { type: 'ended', talked: await end() };
    case 'compare': {
      let different = 0;
      for (const one of running) if (await isDifferent(one)) different++;
      return { type: 'compared', acknowledged, different };
    }
  }
};

process.on('message', (order: TalkOrder) => {
  carryOut(order).then(
    (report) => process.send?.(report),
    (error: Error) => process.send?.({ type: 'failed', error: error.stack ?? error.message }),
  );
});
