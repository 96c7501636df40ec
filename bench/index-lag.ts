import { randomUUID } from 'node:crypto';
import { createWakeups } from '@lockstep/core/queue';
import { type Db, laggingConversations } from '@lockstep/db';
import { postgresIndex, Searcher } from '@lockstep/search';
import pino from 'pino';
import { type BenchArgs, type BenchResult, numberArg, percentile, step } from './report.ts';
import { makeRig, type Rig } from './rig/rig.ts';

/**
 * How long a message waits for the index at a steady rate, with the real worker in a process of its own; and whether
 * it is found by a search that begins when its send has returned (rule 11).
 */
const CONVERSATIONS = 100;
const MEMBERS = 5;
/** Every nth send is searched for immediately. */
const SEARCH_EVERY = 50;
const CHECK_EVERY_MS = 25;
const TICK_MS = 20;

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const seconds = numberArg(args, 'seconds', 20);
  const rate = numberArg(args, 'rate', 1_000);
  const rig = await makeRig({ poolSize: 12 });
  const { db, databaseUrl } = rig;
  const wakeups = createWakeups({ databaseUrl, redisUrl: undefined }, pino({ level: 'silent' }));
  try {
    const rooms = await makeRooms(rig);
    rig.startWorker();
    await caughtUp(db);
    step(`${rate}/s for ${seconds} s into ${CONVERSATIONS} conversations`);
    const result = await load(db, wakeups.enqueue, rooms, rate, seconds);
    const drained = performance.now();
    await caughtUp(db);
    const drainMs = performance.now() - drained;
    const { differences } = await postgresIndex(db).verify({});
    const lags = Float64Array.from(result.lags).sort();
    const p99 = percentile(lags, 0.99);
    const faults = [
      ...(result.missed > 0 ? [`${result.missed} of ${result.searched} were not found at once`] : []),
      ...(differences > 0 ? [`${differences} differences between index and store`] : []),
      ...(result.searched === 0 ? ['nothing was searched for'] : []),
    ];
    for (const fault of faults) console.error(fault);
    step(
      `${result.sent} sent (${Math.round(result.sent / seconds)}/s), waited p50 ${percentile(lags, 0.5).toFixed(0)} ms, ` +
        `p99 ${p99.toFixed(0)} ms; ${result.searched - result.missed} of ${result.searched} found at once`,
    );
    return {
      bench: 'index-lag',
      value: p99,
      unit: 'ms p99',
      baseline: null,
      ratio: null,
      ok: faults.length === 0,
      detail: {
        sent: result.sent,
        perSecond: Math.round(result.sent / seconds),
        p50: Math.round(percentile(lags, 0.5)),
        max: Math.round(lags.at(-1) ?? 0),
        searched: result.searched,
        foundAtOnce: result.searched - result.missed,
        drainMs: Math.round(drainMs),
        bars: { p99: p99 <= 2_000, found: result.missed === 0, rate: result.sent >= 0.95 * rate * seconds },
        faults,
      },
    };
  } finally {
    await wakeups.close();
    await rig.close();
  }
};

interface Room {
  id: string;
  members: string[];
}

const makeRooms = async (rig: Rig): Promise<Room[]> => {
  const rooms: Room[] = [];
  for (let i = 0; i < CONVERSATIONS; i++) {
    const members = Array.from({ length: MEMBERS }, () => randomUUID());
    const { id } = await rig.conversation(members, 'group');
    rooms.push({ id, members });
  }
  return rooms;
};

const load = async (
  db: Db,
  enqueue: (ids: string[]) => void,
  rooms: Room[],
  rate: number,
  seconds: number,
) => {
  const searcher = new Searcher(db, postgresIndex(db));
  const waiting = new Map<string, { rev: number; at: number }[]>(rooms.map(({ id }) => [id, []]));
  const lags: number[] = [];
  const under: Promise<void>[] = [];
  let sent = 0;
  let searched = 0;
  let missed = 0;

  const send = async (n: number) => {
    const { id, members } = rooms[n % rooms.length] as Room;
    const senderId = members[n % MEMBERS] as string;
    const word = `unique${n.toString(36)}x`;
    const body = `message ${word} of a length that people write, give or take a word or two`;
    const { message } = await db.appender.append({
      conversationId: id,
      senderId,
      clientId: randomUUID(),
      body,
    });
    sent++;
    waiting.get(id)?.push({ rev: message.rev, at: performance.now() });
    enqueue([id]);
    if (n % SEARCH_EVERY !== 0) return;
    const reader = members[(n + 1) % MEMBERS] as string;
    const ask = {
      text: word,
      typing: false,
      timeZone: 'UTC',
      now: Date.now(),
      cursor: null,
      limit: 1,
      facets: false,
    };
    const { hits } = await searcher.page({ userId: reader, everything: false }, ask);
    searched++;
    if (hits[0]?.message.seq !== message.seq) missed++;
  };

  /** Removes what the checkpoints have passed; true if nothing is waiting. */
  const check = async (): Promise<boolean> => {
    const { rows } = await db.pool.query<{ id: string; rev: number }>(
      `select conversation_id as id, rev from checkpoint where consumer = 'index'`,
    );
    const now = performance.now();
    for (const { id, rev } of rows) {
      const queue = waiting.get(id) ?? [];
      while (queue[0] && queue[0].rev <= rev) lags.push(now - (queue.shift() as { at: number }).at);
    }
    return [...waiting.values()].every((queue) => queue.length === 0);
  };

  const started = performance.now();
  let due = 0;
  let checking = check();
  let checkedAt = started;
  while (performance.now() - started < seconds * 1_000) {
    const target = Math.floor(((performance.now() - started) / 1_000) * rate);
    for (; due < target; due++) under.push(send(due));
    if (performance.now() - checkedAt >= CHECK_EVERY_MS) {
      await checking;
      checking = check();
      checkedAt = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(under);
  await checking;
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
  return { sent, searched, missed, lags };
};

const caughtUp = async (db: Db): Promise<void> => {
  while ((await laggingConversations(db, 'index', 1)).length > 0)
    await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS));
};
