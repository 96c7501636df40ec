import { inboxAfter, stateDigest } from '@lockstep/db';
import { entryDigest, type InboxEntry, LIMITS, UNREAD_CAP } from '@lockstep/protocol';
import { createEngine, createTransport, type SyncState, type Transport } from '@lockstep/sync';
import { type BenchArgs, type BenchResult, numberArg, step, table } from './report.ts';
import { countingProxy } from './rig/counting-proxy.ts';
import { makeLongInbox } from './rig/long-inbox.ts';
import { makeRig, type Rig } from './rig/rig.ts';

/**
 * A new device of a person with 1,000 conversations and 200,000 messages: the real engine over real HTTP and a real
 * socket, from its start to the complete list with right badges, and the bytes that this takes on the wire. Each run
 * is a new device; the first one also has a cold server. The list is checked against counts made independently from
 * the tables. Baseline: a client that asks for the newest page of each conversation, six at a time as browsers do,
 * and counts from that.
 */
const PEOPLE = 700;
const PAGE = 50;
const PARALLEL = 6;
const TIMEOUT_MS = 60_000;
const BARS = { ms: 1_500, bytes: 400 * 1024 };

interface Run {
  ms: number;
  bytes: number;
  faults: string[];
}

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const conversations = numberArg(args, 'conversations', 1_000);
  const messages = numberArg(args, 'messages', 200_000);
  const runs = numberArg(args, 'runs', 5);
  const rig = await makeRig();
  try {
    const people = await rig.people(PEOPLE);
    const made = await makeLongInbox(rig.db, people, { conversations, messages });
    step(
      `${made.conversations.toLocaleString('en')} conversations, ${made.messages.toLocaleString('en')} messages`,
    );
    const expected = await listFromTables(rig, made.userId);
    const { port } = await rig.serve('server.ts');

    const devices: Run[] = [];
    for (let n = 0; n < runs; n++) devices.push(await coldDevice(rig, port, made.userId, expected));
    const call = await listAlone(rig, port, made.userId);
    const naive = await naiveClient(rig, port, made.userId, [...expected.keys()]);
    const server = await serverSide(rig, made.userId);

    const times = devices.map(({ ms }) => ms).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] as number;
    const slowest = times.at(-1) as number;
    const bytes = Math.max(...devices.map((device) => device.bytes));
    table([
      {
        client: 'first device',
        ms: devices[0]?.ms ?? 0,
        'KiB on the wire': (devices[0]?.bytes ?? 0) / 1_024,
      },
      { client: `median of ${runs}`, ms: median, 'KiB on the wire': bytes / 1_024 },
      { client: 'of it the list alone', ms: call.ms, 'KiB on the wire': call.bytes / 1_024 },
      { client: 'a page of each conversation', ms: naive.ms, 'KiB on the wire': naive.bytes / 1_024 },
    ]);
    step(`in the database: inbox ${server.inboxMs.toFixed(0)} ms, digest ${server.digestMs.toFixed(0)} ms`);
    const faults = devices.flatMap((device) => device.faults);
    for (const fault of faults.slice(0, 10)) console.error(fault);
    return {
      bench: 'cold-sync',
      value: slowest,
      unit: 'ms',
      baseline: naive.ms,
      ratio: slowest / naive.ms,
      ok: faults.length === 0,
      detail: {
        conversations: made.conversations,
        messages: made.messages,
        medianMs: Math.round(median),
        bytes,
        listMs: Math.round(call.ms),
        baselineBytes: naive.bytes,
        inboxMs: Math.round(server.inboxMs),
        digestMs: Math.round(server.digestMs),
        bars: { value: slowest <= BARS.ms, bytes: bytes <= BARS.bytes },
        faults: faults.slice(0, 10),
      },
    };
  } finally {
    await rig.close();
  }
};

const transportOf = async (rig: Rig, port: number, userId: string): Promise<Transport> => {
  const url = `http://127.0.0.1:${port}`;
  return createTransport({ url, headers: { cookie: await rig.cookie(userId), origin: url } });
};

/** Runs until the list is complete; then compares it with the tables, and its digests with the server's. */
const coldDevice = async (rig: Rig, port: number, userId: string, expected: Expected): Promise<Run> => {
  const proxy = await countingProxy(port);
  const transport = await transportOf(rig, proxy.port, userId);
  const engine = createEngine({ userId, transport });
  try {
    const startedAt = performance.now();
    const state = await new Promise<SyncState>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('never caught up')), TIMEOUT_MS);
      engine.subscribe(() => {
        const now = engine.getState();
        if (!now.caughtUp || now.inbox.size < expected.size) return;
        clearTimeout(timer);
        resolve(now);
      });
      engine.start();
    });
    const ms = performance.now() - startedAt;
    const bytes = proxy.bytes.up + proxy.bytes.down;
    const faults = check(state, expected);
    const { conversations } = await transport.digest([]);
    for (const [id, entry] of state.inbox) {
      if (entryDigest(entry) !== conversations[id])
        faults.push(`${id}: not the digest of the server (rule 12)`);
    }
    return { ms, bytes, faults };
  } finally {
    engine.stop();
    await proxy.close();
  }
};

type Expected = Map<
  string,
  Pick<InboxEntry, 'unread' | 'mentions' | 'readSeq'> & {
    headSeq: number;
    body: string | null;
    peer: string | null;
  }
>;

/** Counted by walking each message once, with nothing of the product's queries. */
const listFromTables = async ({ db }: Rig, userId: string): Promise<Expected> => {
  const { rows } = await db.pool.query<{
    id: string;
    read_seq: number;
    head_seq: number;
    body: string | null;
    peer: string | null;
    unread: number;
    mentions: number;
  }>(
    `select c.id, e.read_seq, c.head_seq, max(m.body) filter (where m.seq = c.head_seq) as body,
       (select o.user_id from member o where c.kind = 'direct' and o.conversation_id = c.id and o.user_id <> $1) as peer,
       count(*) filter (where m.seq > e.read_seq and m.sender_id <> $1 and m.state = 'live')::int as unread,
       count(*) filter (where m.seq > e.read_seq and m.sender_id <> $1 and m.body like '%<@' || $1 || '>%')::int as mentions
     from active_member v join conversation c on c.id = v.conversation_id
     join inbox_entry e on e.conversation_id = c.id and e.user_id = v.user_id
     join message m on m.conversation_id = c.id
     where v.user_id = $1 group by c.id, e.read_seq`,
    [userId],
  );
  const cap = (n: number) => Math.min(n, UNREAD_CAP);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        unread: cap(row.unread),
        mentions: cap(row.mentions),
        readSeq: row.read_seq,
        headSeq: row.head_seq,
        body: row.body,
        peer: row.peer,
      },
    ]),
  );
};

const check = ({ inbox, people }: SyncState, expected: Expected): string[] => {
  const faults: string[] = [];
  if (inbox.size !== expected.size) faults.push(`${inbox.size} in the list, ${expected.size} in the tables`);
  for (const [id, { peer, ...wanted }] of expected) {
    const entry = inbox.get(id);
    const { unread, mentions, readSeq, conversation, last } = entry ?? ({} as InboxEntry);
    const shown = { unread, mentions, readSeq, headSeq: conversation?.headSeq, body: last?.body };
    if (JSON.stringify(shown) !== JSON.stringify(wanted))
      faults.push(`${id}: shown ${JSON.stringify(shown)}, stored ${JSON.stringify(wanted)}`);
    if (peer && !people.has(peer)) faults.push(`${id}: nobody knows the name of the other person`);
    if (last && !people.has(last.senderId)) faults.push(`${id}: nobody knows who wrote last`);
  }
  return faults;
};

/** The one call that brings the list, the faster of three. */
const listAlone = async (rig: Rig, port: number, userId: string): Promise<Omit<Run, 'faults'>> => {
  const proxy = await countingProxy(port);
  try {
    const transport = await transportOf(rig, proxy.port, userId);
    const ms = await fastest(() => transport.inbox(0, LIMITS.inboxPage, [], null));
    return { ms, bytes: (proxy.bytes.up + proxy.bytes.down) / REPEATS };
  } finally {
    await proxy.close();
  }
};

/** It gets the ids; a real client would have to request these too. */
const naiveClient = async (rig: Rig, port: number, userId: string, ids: string[]): Promise<Run> => {
  const proxy = await countingProxy(port);
  try {
    const transport = await transportOf(rig, proxy.port, userId);
    const startedAt = performance.now();
    const left = [...ids];
    const next = async (): Promise<void> => {
      for (let id = left.pop(); id; id = left.pop()) await transport.before(id, null, PAGE);
    };
    await Promise.all(Array.from({ length: PARALLEL }, next));
    return { ms: performance.now() - startedAt, bytes: proxy.bytes.up + proxy.bytes.down, faults: [] };
  } finally {
    await proxy.close();
  }
};

const REPEATS = 3;
const fastest = async (work: () => Promise<unknown>): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < REPEATS; n++) {
    const startedAt = performance.now();
    await work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
};

/** The two large reads by themselves, without the network, once their statements are warm. */
const serverSide = async ({ db }: Rig, userId: string) => {
  return {
    inboxMs: await fastest(() => inboxAfter(db, userId, 0, LIMITS.inboxPage)),
    digestMs: await fastest(() => stateDigest(db, userId, [])),
  };
};
