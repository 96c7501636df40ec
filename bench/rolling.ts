import { reverseProxy } from '@lockstep/testing/reverse-proxy';
import { startWebs, type Webs } from '../scripts/lib/webs.ts';
import { type BenchArgs, type BenchResult, numberArg, step, table } from './report.ts';
import { makeRig, type Rig } from './rig/rig.ts';
import type { Talked, Talker } from './rig/talkers.ts';

const CONVERSATIONS = 40;
/** Few: each device is a whole client, and on a machine of two cores they must not cost more than the servers. */
const MEMBERS = 2;

/**
 * A rolling restart: `--webs` web processes of the built product behind a reverse proxy (Caddy's manner: the next one
 * where a connection is refused, and nothing is sent twice), `--rate` sends a second from 80 people in 40
 * conversations, each with a device that has its own open. After `--seconds` the processes are stopped and started one
 * after the other, and then left alone for as long again. No send may fail, none may be lost or doubled, no device may
 * leave "online". Value: p99 of the delivery to the last device during the restarts. Baseline: before them.
 */
export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const count = numberArg(args, 'webs', 4);
  const rate = numberArg(args, 'rate', 500);
  const seconds = numberArg(args, 'seconds', 15);

  const rig = await makeRig();
  const ports: number[] = [];
  const proxy = await reverseProxy(ports);
  let webs: Webs | undefined;
  try {
    rig.startWorker();
    step(`starting ${count} web processes`);
    webs = await startWebs(count, {
      ...rig.env,
      HOST: '127.0.0.1',
      PUBLIC_URL: proxy.url,
      PUSH: 'postgres',
      TRUST_PROXY: 'on',
    });
    ports.push(...webs.ports);
    const talkers = rig.talkers();
    await talkers.order({ type: 'start', url: proxy.url, talkers: await makeTalkers(rig) }, 'started');

    const restarts: number[] = [];
    const phase = async (name: string, work: () => Promise<void>) => {
      step(name);
      await talkers.order({ type: 'begin', rate }, 'begun');
      await work();
      return (await talkers.order({ type: 'end' }, 'ended')).talked;
    };
    const leftAlone = () => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));
    await phase('warm-up', leftAlone);
    const before = await phase('before', leftAlone);
    const during = await phase('during', async () => {
      for (let index = 0; index < count; index++) {
        const began = performance.now();
        await webs?.restart(index);
        restarts.push((performance.now() - began) / 1_000);
      }
    });
    const after = await phase('after', leftAlone);
    table(Object.entries({ before, during, after }).map(([name, talked]) => row(name, talked)));

    const { acknowledged, different } = await talkers.order({ type: 'compare' }, 'compared');
    const stored = await storedIds(rig);
    const unique = new Set(stored);
    const all = [before, during, after];
    const failed = all.flatMap(({ failed }) => Object.entries(failed));
    for (const [reason, times] of failed) console.error(`${times} × ${reason}`);
    const lost = acknowledged.filter((id) => !unique.has(id)).length + sum(all.map(({ missing }) => missing));
    const doubled = stored.length - unique.size + sum(all.map(({ doubled }) => doubled));
    const counts = {
      failed: sum(failed.map(([, times]) => times)),
      lost,
      doubled,
      different,
      disconnects: sum(all.map(({ disconnects }) => disconnects)),
      proxyFailed: proxy.failed,
    };
    return {
      bench: 'rolling',
      value: during.deliveryP99,
      unit: 'ms, p99 of delivery during the restarts',
      baseline: before.deliveryP99,
      ratio: during.deliveryP99 / before.deliveryP99,
      ok: Object.values(counts).every((times) => times === 0),
      detail: {
        webs: count,
        rate,
        sent: sum(all.map(({ sent }) => sent)),
        ...counts,
        afterP99: Math.round(after.deliveryP99),
        slowest: Math.round(during.deliveryMax),
        restartSeconds: restarts.map((value) => Number(value.toFixed(1))),
      },
    };
  } finally {
    await webs?.stop();
    await proxy.close();
    await rig.close();
  }
};

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

const row = (phase: string, talked: Talked) => ({
  phase,
  sent: talked.sent,
  failed: sum(Object.values(talked.failed)),
  missing: talked.missing,
  doubled: talked.doubled,
  disconnects: talked.disconnects,
  'ack p50': talked.ackP50,
  'ack p99': talked.ackP99,
  'delivery p50': talked.deliveryP50,
  'delivery p99': talked.deliveryP99,
  'delivery max': talked.deliveryMax,
});

const makeTalkers = async (rig: Rig): Promise<Talker[]> => {
  const people = await rig.people(CONVERSATIONS * MEMBERS);
  const talkers: Talker[] = [];
  for (let at = 0; at < people.length; at += MEMBERS) {
    const members = people.slice(at, at + MEMBERS);
    const { id: conversationId } = await rig.conversation(members, 'group');
    for (const userId of members) talkers.push({ userId, cookie: await rig.cookie(userId), conversationId });
  }
  return talkers;
};

const storedIds = async ({ db }: Rig): Promise<string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    'select client_id as id from message where client_id is not null and system is null',
  );
  return rows.map(({ id }) => id);
};
