import { randomUUID } from 'node:crypto';
import { stateDigest } from '@lockstep/db';
import { freePort } from '@lockstep/db/embedded';
import { type BenchArgs, type BenchResult, numberArg, percentile, step, table } from './report.ts';
import type { FleetDevice } from './rig/fleet.ts';
import { type Fleet, makeRig, type Rig } from './rig/rig.ts';

/**
 * 1,000 devices, each a real engine, lose the server for a minute; 5,000 messages are sent meanwhile; then all are back
 * at once. Each has to come to the server's digest, and no call may be refused for good: rate limits are on, as in the
 * product. Baseline: clients that ask for the list and the newest page of every conversation, all at once as well.
 */
const PROCESSES = 2;
const CONVERSATIONS_EACH = 20;
const GROUP = 50;
const TIMEOUT_MS = 120_000;
const BAR_MS = 15_000;

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const devices = numberArg(args, 'devices', 1_000);
  const messages = numberArg(args, 'messages', 5_000);
  const outage = numberArg(args, 'outage', 60);
  const rig = await makeRig();
  const port = await freePort();
  const serve = () => rig.serve('server.ts', { BENCH_PORT: String(port), RATE_LIMITS: 'on' });
  try {
    const people = await rig.people(devices);
    const { groups, channel } = await makeConversations(rig, people);
    const all = await Promise.all(
      people.map(async (userId, i): Promise<FleetDevice> => {
        const own = groups.filter((group) => group.members.includes(userId)).map((group) => group.id);
        // One in ten looks at the channel, the others at a group.
        const conversations = i % 10 === 0 ? [channel, ...own] : [...own, channel];
        return { userId, cookie: await rig.cookie(userId), conversations };
      }),
    );
    step(`${devices} devices, ${groups.length} groups of ${GROUP} and a channel of all`);
    rig.startWorker();
    const first = await serve();
    const fleets = Array.from({ length: PROCESSES }, (_, i) => ({
      fleet: rig.fleet(),
      devices: all.filter((_device, n) => n % PROCESSES === i),
    }));
    const url = `http://127.0.0.1:${port}`;
    await Promise.all(
      fleets.map(({ fleet, devices: some }) => fleet.order({ type: 'start', url, devices: some }, 'started')),
    );
    step(`all are online; the server goes away for ${outage} s, ${messages} messages are sent meanwhile`);
    const wentAt = performance.now();
    await first.stop();
    await sendAll(rig, [{ id: channel, members: people }, ...groups], messages);
    await fannedOut(rig);
    const digests = await digestsOf(rig, people);
    await new Promise((resolve) => setTimeout(resolve, outage * 1_000 - (performance.now() - wentAt)));
    const server = await serve();
    await server.cpu();

    const ownClient = await allBack(
      fleets.map(({ fleet }) => fleet),
      digests,
    );
    const { cpuMs, rssMb } = await server.cpu();
    const compared = await Promise.all(
      fleets.map(({ fleet }) => fleet.order({ type: 'compare' }, 'compared')),
    );
    step('now as clients that fetch everything anew');
    const naive = await Promise.all(fleets.map(({ fleet }) => fleet.order({ type: 'naive' }, 'fetched')));
    await server.stop();

    const naiveTimes = naive.flatMap(({ times }) => times).sort((a, b) => a - b);
    const naiveCalls = total(merge(naive.map(({ calls }) => calls)));
    const naiveFailed = merge(naive.map(({ failed }) => failed));
    const value = percentile(ownClient.times, 0.99);
    const baseline = percentile(naiveTimes, 0.99);
    table([
      {
        client: 'Lockstep',
        'p50 ms': percentile(ownClient.times, 0.5),
        'p99 ms': value,
        'last ms': ownClient.times.at(-1) ?? 0,
        calls: total(ownClient.calls),
      },
      {
        client: 'everything anew',
        'p50 ms': percentile(naiveTimes, 0.5),
        'p99 ms': baseline,
        'last ms': naiveTimes.at(-1) ?? 0,
        calls: naiveCalls,
      },
    ]);
    const faults: string[] = [];
    if (ownClient.never > 0) faults.push(`${ownClient.never} devices never had the server's digest`);
    const different = compared.reduce((sum, one) => sum + one.different, 0);
    if (different > 0) faults.push(`${different} devices differ from the server in list or windows`);
    const missing = compared.reduce((sum, one) => sum + one.missing, 0);
    if (missing > 0) faults.push(`${missing} devices have no window to compare`);
    for (const fault of faults) console.error(fault);
    return {
      bench: 'reconnect',
      value,
      unit: 'ms p99 until a device has the digest of the server',
      baseline,
      ratio: value / baseline,
      ok: faults.length === 0,
      detail: {
        devices,
        messages,
        outageSeconds: outage,
        p50Ms: Math.round(percentile(ownClient.times, 0.5)),
        lastMs: Math.round(ownClient.times.at(-1) ?? 0),
        /** By procedure, those of all devices. */
        calls: ownClient.calls,
        callsEach: total(ownClient.calls) / devices,
        /** Answers but 200 on the way, by status: each was tried again by the engine. */
        askedToWait: ownClient.refused,
        serverCpuMs: Math.round(cpuMs),
        devicesCpuMs: Math.round(ownClient.cpuMs),
        serverRssMb: Math.round(rssMb),
        naive: { calls: naiveCalls, failed: naiveFailed },
        bars: { value: value <= BAR_MS },
        faults,
      },
    };
  } finally {
    await rig.close();
  }
};

interface Room {
  id: string;
  members: string[];
}

/** Each person is in some twenty groups of fifty, and all are in one channel. */
const makeConversations = async (rig: Rig, people: string[]) => {
  const size = Math.min(GROUP, people.length);
  const count = Math.max(1, Math.round((people.length * CONVERSATIONS_EACH) / size));
  const groups: Room[] = [];
  for (let n = 0; n < count; n++) {
    // A stride that differs from round to round mixes them.
    const round = Math.floor((n * size) / people.length);
    const members = Array.from(
      { length: size },
      (_, i) => people[((n * size + i) * (round + 1) + round * 7) % people.length] as string,
    );
    const unique = [...new Set(members)];
    groups.push({ id: (await rig.conversation(unique, 'group')).id, members: unique });
  }
  const channel = await rig.conversation(people, 'channel');
  return { groups, channel: channel.id };
};

const BODY = 'a message of a length that people write, give or take a word or two, number';

/** As another web process does it: appended, with the worker behind it. */
const sendAll = async (rig: Rig, rooms: Room[], count: number) => {
  await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const { id, members } = rooms[n % rooms.length] as Room;
      const senderId = members[n % members.length] as string;
      return rig.db.appender.append({
        conversationId: id,
        senderId,
        clientId: randomUUID(),
        body: `${BODY} ${n}`,
      });
    }),
  );
};

const fannedOut = async (rig: Rig) => {
  for (;;) {
    const { rows } = await rig.db.pool.query<{ n: number }>(
      `select count(*)::int as n from conversation c
       left join checkpoint k on k.conversation_id = c.id and k.consumer = 'fanout'
       where c.head_rev > coalesce(k.rev, 0)`,
    );
    if (rows[0]?.n === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

const digestsOf = async (rig: Rig, people: string[]): Promise<Record<string, string>> => {
  const digests: Record<string, string> = {};
  for (const userId of people) digests[userId] = (await stateDigest(rig.db, userId, [])).overall;
  return digests;
};

const allBack = async (fleets: Fleet[], digests: Record<string, string>) => {
  const reports = await Promise.all(
    fleets.map((fleet) => fleet.order({ type: 'back', digests, timeoutMs: TIMEOUT_MS }, 'agreed')),
  );
  const times = reports.flatMap((report) => report.times);
  return {
    times: times.map((time) => time ?? TIMEOUT_MS).sort((a, b) => a - b),
    never: times.filter((time) => time === null).length,
    calls: merge(reports.map((report) => report.calls)),
    cpuMs: reports.reduce((sum, report) => sum + report.cpuMs, 0),
    refused: merge(reports.map((report) => report.refused)),
  };
};

const merge = (counts: Record<string, number>[]): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const one of counts) for (const [key, n] of Object.entries(one)) sum[key] = (sum[key] ?? 0) + n;
  return sum;
};

const total = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);
