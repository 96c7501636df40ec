import { randomUUID } from 'node:crypto';
import { createConversation, type Db } from '@lockstep/db';
import { mention } from '@lockstep/protocol';
import { type BenchArgs, type BenchResult, numberArg, percentile, step, table } from './report.ts';
import { makeStore } from './rig/store.ts';

/**
 * Durable appends per second from one process, fsync on: one statement per message over 16 connections (the baseline),
 * the group commit over many conversations, the group commit into one. Each phase starts in fresh conversations and is
 * checked against what was acknowledged: gapless, nothing twice, nothing lost.
 */
const MEMBERS = 10;
const PEOPLE = 200;
const BASELINE_CONNECTIONS = 16;
/** Every nth send is repeated with the same client id, as after a lost acknowledgement. */
const RETRY_EVERY = 50;

interface Room {
  id: string;
  members: string[];
}
interface Ack {
  seq: number;
  rev: number;
}
type Send = (room: Room, senderId: string, clientId: string, body: string) => Promise<Ack>;

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const seconds = numberArg(args, 'seconds', 6);
  const conversations = numberArg(args, 'conversations', 100);
  const senders = numberArg(args, 'senders', 1_000);
  const hotSenders = numberArg(args, 'hot-senders', 500);
  // Of the group commit's messages, one in so many mentions a member; by default none does.
  const mentionEvery = numberArg(args, 'mention-every', Number.MAX_SAFE_INTEGER);

  const { db, close } = await makeStore(BASELINE_CONNECTIONS);
  try {
    const settings = await durability(db);
    step(`Postgres ${settings.server_version}, fsync ${settings.fsync}, ${seconds} s a phase`);
    let appended = 0;
    const appender: Send = async (room, senderId, clientId, text) => {
      const body = ++appended % mentionEvery ? text : `${mention(room.members[0] as string)} ${text}`;
      return (await db.appender.append({ conversationId: room.id, senderId, clientId, body })).message;
    };
    const single = oneStatement(db);

    const phases = [
      await phase(db, 'warm-up', await rooms(db, conversations), senders, Math.min(2, seconds), appender),
      await phase(
        db,
        'one statement a message',
        await rooms(db, conversations),
        BASELINE_CONNECTIONS,
        seconds,
        single,
      ),
      await phase(db, 'group commit', await rooms(db, conversations), senders, seconds, appender),
      await phase(db, 'one statement, one hot', await rooms(db, 1), BASELINE_CONNECTIONS, seconds, single),
      await phase(db, 'group commit, one hot', await rooms(db, 1), hotSenders, seconds, appender),
    ].slice(1);
    table(phases.map(({ faults, ...row }) => ({ ...row, correct: faults.length === 0 })));
    const faults = phases.flatMap((phase) => phase.faults.map((fault) => `${phase.phase}: ${fault}`));
    for (const fault of faults) console.error(fault);

    const [baseline, grouped, hotBaseline, hot] = phases.map((phase) => phase['messages/s']) as [
      number,
      number,
      number,
      number,
    ];
    return {
      bench: 'append',
      value: grouped,
      unit: 'messages/s',
      baseline,
      ratio: grouped / baseline,
      ok: faults.length === 0 && settings.fsync === 'on' && settings.synchronous_commit === 'on',
      detail: {
        hot: Math.round(hot),
        hotBaseline: Math.round(hotBaseline),
        conversations,
        senders,
        p99Ms: Math.round(phases[1]?.['p99 ms'] ?? 0),
        bars: { value: grouped >= 15_000, ratio: grouped >= 3 * baseline, hot: hot >= 8_000 },
        faults,
        ...settings,
      },
    };
  } finally {
    await close();
  }
};

/** Closed loop: each sender has one message under way. */
const phase = async (db: Db, name: string, where: Room[], senders: number, seconds: number, send: Send) => {
  const acks = new Map<string, Ack & { room: Room }>();
  const faults: string[] = [];
  const times: number[] = [];
  let sent = 0;
  const started = performance.now();
  const until = started + seconds * 1_000;
  const sender = async (k: number) => {
    const room = where[k % where.length] as Room;
    const senderId = room.members[Math.floor(k / where.length) % MEMBERS] as string;
    for (let at = performance.now(); at < until; at = performance.now()) {
      const clientId = randomUUID();
      const body = `message ${sent++} of a length that people write, give or take a word or two`;
      const ack = await send(room, senderId, clientId, body);
      times.push(performance.now() - at);
      acks.set(clientId, { seq: ack.seq, rev: ack.rev, room });
      if (sent % RETRY_EVERY === 0) {
        const second = await send(room, senderId, clientId, body);
        if (second.seq !== ack.seq) faults.push(`a retry got seq ${second.seq}, the first had ${ack.seq}`);
      }
    }
  };
  await Promise.all(Array.from({ length: senders }, (_, k) => sender(k)));
  const elapsed = (performance.now() - started) / 1_000;
  faults.push(...(await check(db, where, acks)));
  times.sort((a, b) => a - b);
  return {
    phase: name,
    'messages/s': acks.size / elapsed,
    messages: acks.size,
    'p50 ms': percentile(times, 0.5),
    'p99 ms': percentile(times, 0.99),
    faults: faults.slice(0, 10),
  };
};

/** Rule 1: 1..n without a hole. Rule 2: no client id twice. Rule 3: every acknowledged one is there, under its `seq`. */
const check = async (db: Db, where: Room[], acks: Map<string, Ack & { room: Room }>): Promise<string[]> => {
  const faults: string[] = [];
  let stored = 0;
  for (const room of where) {
    const head = await db.pool.query<{ head_seq: number; head_rev: number }>(
      'select head_seq, head_rev from conversation where id = $1',
      [room.id],
    );
    const { rows } = await db.pool.query<{ seq: number; rev: number; client_id: string; system: unknown }>(
      'select seq, rev, client_id, system from message where conversation_id = $1 order by seq',
      [room.id],
    );
    if (head.rows[0]?.head_seq !== rows.length || head.rows[0]?.head_rev !== rows.length)
      faults.push(`head ${JSON.stringify(head.rows[0])} over ${rows.length} messages`);
    rows.forEach((row, i) => {
      if (row.seq !== i + 1 || row.rev !== i + 1)
        faults.push(`seq ${row.seq}, rev ${row.rev} in place ${i + 1}`);
      if (row.system) return;
      stored++;
      const ack = acks.get(row.client_id);
      if (ack?.seq !== row.seq || ack.room !== room)
        faults.push(`seq ${row.seq} is not what was acknowledged`);
    });
  }
  if (stored !== acks.size) faults.push(`${acks.size} acknowledged, ${stored} stored`);
  return faults;
};

/** The same without group commit: the row lock of the head, membership, the client id, the insert. */
const oneStatement =
  (db: Db): Send =>
  async (room, senderId, clientId, body) => {
    const values = [room.id, senderId, clientId];
    const { rows } = await db.pool.query<Ack>({
      name: 'one-statement',
      text: `with head as (
               update conversation c set head_seq = head_seq + 1, head_rev = head_rev + 1
               where id = $1
                 and exists (select 1 from active_member where conversation_id = $1 and user_id = $2)
                 and not exists (select 1 from message where conversation_id = $1 and sender_id = $2 and client_id = $3)
               returning head_seq, head_rev)
             insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at)
             select $1, head_seq, head_rev, $2, $3, $4, clock_timestamp() from head returning seq, rev`,
      values: [...values, body],
    });
    if (rows[0]) return rows[0];
    const known = await db.pool.query<Ack>({
      name: 'one-known',
      text: 'select seq, rev from message where conversation_id = $1 and sender_id = $2 and client_id = $3',
      values,
    });
    return known.rows[0] as Ack;
  };

const rooms = async (db: Db, count: number): Promise<Room[]> => {
  const people = Array.from({ length: PEOPLE }, () => randomUUID());
  const made: Room[] = [];
  for (let i = 0; i < count; i++) {
    const members = Array.from({ length: MEMBERS }, (_, k) => people[(i * 7 + k) % PEOPLE] as string);
    const id = randomUUID();
    const title = `Room ${i + 1}`;
    const createdBy = members[0] as string;
    await createConversation(
      db,
      { id, kind: 'group', visibility: 'private', title, topic: null, createdBy },
      async (tx) => {
        await tx.appendSystem(createdBy, { type: 'created', title });
        await tx.join(members);
      },
    );
    made.push({ id, members });
  }
  return made;
};

const durability = async (db: Db) => {
  const { rows } = await db.pool.query<Record<'server_version' | 'fsync' | 'synchronous_commit', string>>(
    `select current_setting('server_version') as server_version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as synchronous_commit`,
  );
  return rows[0] as (typeof rows)[number];
};
