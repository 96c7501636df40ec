import { randomUUID } from 'node:crypto';
import { percentile } from '../report.ts';
import { type Device, openDevice } from './frames.ts';
import { HttpClient } from './http.ts';
import type { Order, RateResult, Report, WindowResult } from './orders.ts';
import { Tracker } from './tracker.ts';

/** The load generator: all devices and all senders, in a process of its own. Takes orders from the benchmark. */

const SEND = '/api/trpc/messages.send';
/** How long the last deliveries of a phase may take. */
const DRAIN_MS = 15_000;

let port = 0;
let devices: Device[] = [];
let clients: HttpClient[] = [];
let ackTimes: number[] = [];
let deliveryTimes: number[] = [];
let errors = new Map<string, number>();
/** Refusals under overload: not an error, but the rate was not held. */
let refused = 0;
let wake: (() => void) | null = null;

const tracker = new Tracker((_clientId, sentAt) => {
  deliveryTimes.push(performance.now() - sentAt);
  wake?.();
});

const open = async (order: Extract<Order, { type: 'connect' }>) => {
  port = order.port;
  devices = [];
  for (let at = 0; at < order.devices.length; at += 50) {
    const batch = order.devices.slice(at, at + 50).map(({ cookie, revs }) => {
      return openDevice('127.0.0.1', port, cookie, tracker.device(new Map(Object.entries(revs))));
    });
    await Promise.all(batch.map(({ ready }) => ready));
    devices.push(...batch);
  }
  clients = order.senders.map((cookie) => new HttpClient('127.0.0.1', port, cookie));
};

const BODY = 'a message of a length that people write, give or take a word or two, number';
let sent = 0;

/** One send; the time of its acknowledgement counts from when it was due, also when the sender was held up before. */
const send = async (client: HttpClient, conversationId: string, devicesOf: number, dueAt: number) => {
  const clientId = randomUUID();
  tracker.expect(clientId, dueAt, devicesOf);
  const body = JSON.stringify({ conversationId, clientId, body: `${BODY} ${sent++}` });
  try {
    const { status, body: answer } = await client.post(SEND, body);
    if (status === 200 && answer.includes(clientId)) ackTimes.push(performance.now() - dueAt);
    else if (answer.includes('"unavailable"')) {
      refused++;
      tracker.forget(clientId);
    } else failed(`${status} ${answer.slice(0, 200)}`);
  } catch (error) {
    failed((error as Error).message);
  }
};

const failed = (text: string) => errors.set(text, (errors.get(text) ?? 0) + 1);

const reset = () => {
  ackTimes = [];
  deliveryTimes = [];
  errors = new Map();
  refused = 0;
  tracker.deliveries = 0;
  tracker.frames = 0;
};

const drained = async () => {
  const until = performance.now() + DRAIN_MS;
  while (tracker.underWay > 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Open loop: a send is due every 1/rate s, the first at once, whether or not earlier ones have finished. */
const atRate = async ({ rate, seconds, pairs }: Extract<Order, { type: 'rate' }>): Promise<RateResult> => {
  reset();
  const start = performance.now();
  const total = Math.round(rate * seconds);
  const sends: Promise<void>[] = [];
  for (let n = 0; n < total; ) {
    // The first is due at the start.
    const due = Math.min(total, 1 + Math.floor(((performance.now() - start) / 1_000) * rate));
    for (; n < due; n++) {
      const pair = pairs[n % pairs.length] as (typeof pairs)[number];
      sends.push(
        send(
          clients[pair.sender] as HttpClient,
          pair.conversationId,
          pair.devices,
          start + (n / rate) * 1_000,
        ),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sends);
  await drained();
  const elapsed = (performance.now() - start) / 1_000;
  ackTimes.sort((a, b) => a - b);
  deliveryTimes.sort((a, b) => a - b);
  return {
    sent: total,
    acknowledged: ackTimes.length,
    refused,
    deliveredToAll: deliveryTimes.length,
    deliveries: tracker.deliveries,
    elapsed,
    ackP50: percentile(ackTimes, 0.5),
    ackP99: percentile(ackTimes, 0.99),
    deliveryP50: percentile(deliveryTimes, 0.5),
    deliveryP99: percentile(deliveryTimes, 0.99),
    faults: faults(),
  };
};

/** Closed loop on delivery: a fixed number of messages have not reached the last device yet. */
const inWindow = async (order: Extract<Order, { type: 'window' }>): Promise<WindowResult> => {
  reset();
  const start = performance.now();
  const until = start + order.seconds * 1_000;
  const sends: Promise<void>[] = [];
  let messages = 0;
  while (performance.now() < until) {
    while (tracker.underWay < order.window) {
      const client = clients[messages++ % clients.length] as HttpClient;
      sends.push(send(client, order.conversationId, order.devices, performance.now()));
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, 100);
    });
  }
  wake = null;
  await Promise.all(sends);
  await drained();
  const elapsed = (performance.now() - start) / 1_000;
  deliveryTimes.sort((a, b) => a - b);
  const { deliveries, frames } = tracker;
  return {
    messages,
    refused,
    deliveries,
    frames,
    elapsed,
    deliveryP99: percentile(deliveryTimes, 0.99),
    faults: faults(),
  };
};

const faults = (): string[] => [
  ...tracker.faults.splice(0),
  ...[...errors].map(([text, count]) => `${count} × ${text}`),
  ...(tracker.underWay > 0 ? [`${tracker.underWay} messages did not reach every device`] : []),
];

const report = (message: Report) => process.send?.(message);

process.on('message', async (order: Order) => {
  try {
    if (order.type === 'connect') {
      await open(order);
      report({ type: 'connected' });
    } else if (order.type === 'rate') report({ type: 'rate', result: await atRate(order), cpuMs: cpuMs() });
    else if (order.type === 'window')
      report({ type: 'window', result: await inWindow(order), cpuMs: cpuMs() });
    else report({ type: 'verified', behind: tracker.behind(order.heads) });
  } catch (error) {
    report({ type: 'failed', error: String(error) });
  }
});

let last = process.cpuUsage();
const cpuMs = () => {
  const { user, system } = process.cpuUsage(last);
  last = process.cpuUsage();
  return (user + system) / 1_000;
};
