import { randomUUID } from 'node:crypto';
import { createConversation, type Db, fanOut } from '@lockstep/db';
import { type BenchArgs, type BenchResult, numberArg, percentile, step, table } from './report.ts';
import { cpuOf } from './rig/cpu.ts';
import { fanOutByRow } from './rig/fanout-by-row.ts';
import { makeStore } from './rig/store.ts';

/**
 * Inbox entries per second that one worker writes, fsync on. In a round every conversation gets a message, which is not
 * timed; then all are fanned out, a job of the queue at a time. Baseline, in turn with it: a transaction for each
 * conversation with two statements for each member. At the end, entries and cursors must be what the rounds leave:
 * nothing lost, nothing twice.
 */
const THRESHOLD = 500;
/** Conversations of a job, as the queue makes them. */
const JOB = 100;
/** The baseline has one in so many of the conversations: it is slow. */
const BASELINE_SHARE = 10;
/** First rounds that are not counted: entries are new, and plans are not made yet. */
const WARM_UP = 3;

export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const seconds = numberArg(args, 'seconds', 15);
  const conversations = numberArg(args, 'conversations', 1_000);
  const members = numberArg(args, 'members', 10);
  const people = numberArg(args, 'people', 2_000);
  if (people < members) throw new Error('--people must be at least --members');

  const { db, pid, close } = await makeStore(4);
  try {
    const world = await makeWorld(db, conversations, members, people);
    step(`${conversations} conversations of ${members}, ${people} people, ${seconds} s`);
    const cpu = () => cpuOf(pid);
    const fast = new Phase('fan-out', world.rooms, cpu, async (ids) => {
      const { entries } = await fanOut(db, ids, { threshold: THRESHOLD });
      return entries;
    });
    const few = world.rooms.slice(0, Math.ceil(conversations / BASELINE_SHARE));
    const slow = new Phase('one statement a row', few, cpu, (ids) => fanOutByRow(db, ids));
    for (let n = 0; n < WARM_UP; n++) for (const phase of [fast, slow]) await phase.round(db, world);
    fast.reset();
    slow.reset();
    for (const until = performance.now() + seconds * 1_000; performance.now() < until; )
      for (const phase of [fast, slow, slow, fast]) await phase.round(db, world);

    const faults = await check(db, world);
    for (const fault of faults) console.error(fault);
    table([slow.row(), fast.row()].map((row) => ({ ...row, correct: faults.length === 0 })));
    const [value, baseline] = [fast.row()['rows/s'], slow.row()['rows/s']];
    return {
      bench: 'fanout',
      value,
      unit: 'inbox rows/s',
      baseline,
      ratio: value / baseline,
      ok: faults.length === 0,
      detail: {
        ...{ conversations, members, people },
        cpuMicrosPerRow: Math.round(fast.row()['Postgres CPU µs a row']),
        hotShare: await hotShare(db),
        bars: { value: value >= 30_000 },
        faults,
      },
    };
  } finally {
    await close();
  }
};

interface Room {
  id: string;
  members: string[];
}

interface World {
  rooms: Room[];
  /** How often each conversation was fanned out. */
  rounds: Map<string, number>;
}

class Phase {
  #rows = 0;
  #ms = 0;
  #cpuMs = 0;
  #jobs: number[] = [];

  constructor(
    readonly name: string,
    readonly rooms: Room[],
    readonly cpu: () => number,
    /** Writes the entries of these conversations; resolves with how many there were. */
    readonly write: (ids: string[]) => Promise<number>,
  ) {}

  async round(db: Db, { rounds }: World): Promise<void> {
    await Promise.all(
      this.rooms.map(async ({ id, members }) => {
        const n = (rounds.get(id) ?? 0) + 1;
        rounds.set(id, n);
        const senderId = members[n % members.length] as string;
        await db.appender.append({
          conversationId: id,
          senderId,
          clientId: randomUUID(),
          body: `message ${n}`,
        });
      }),
    );
    const ids = this.rooms.map(({ id }) => id);
    const [cpu, started] = [this.cpu(), performance.now()];
    for (let at = 0; at < ids.length; at += JOB) {
      const begun = performance.now();
      this.#rows += await this.write(ids.slice(at, at + JOB));
      this.#jobs.push(performance.now() - begun);
    }
    this.#ms += performance.now() - started;
    this.#cpuMs += this.cpu() - cpu;
  }

  reset(): void {
    this.#rows = this.#ms = this.#cpuMs = 0;
    this.#jobs = [];
  }

  row() {
    const jobs = Float64Array.from(this.#jobs).sort();
    return {
      way: this.name,
      'rows/s': (this.#rows / this.#ms) * 1_000,
      rows: this.#rows,
      'Postgres CPU µs a row': (this.#cpuMs / this.#rows) * 1_000,
      'job p50 ms': percentile(jobs, 0.5),
      'job p99 ms': percentile(jobs, 0.99),
    };
  }
}

const makeWorld = async (db: Db, conversations: number, size: number, count: number): Promise<World> => {
  const people = Array.from({ length: count }, () => randomUUID());
  const rooms: Room[] = [];
  for (let i = 0; i < conversations; i++) {
    // Neighbours share some people and not others.
    const members = Array.from(
      { length: size },
      (_, k) => people[(i * 7 + k * (1 + (i % 5))) % count] as string,
    );
    const unique = [...new Set(members)];
    const [createdBy = ''] = unique;
    const id = randomUUID();
    await createConversation(
      db,
      { id, kind: 'group', visibility: 'private', title: 'Bench', topic: null, createdBy },
      async (tx) => {
        await tx.appendSystem(createdBy, { type: 'created', title: 'Bench' });
        await tx.join(unique);
      },
    );
    rooms.push({ id, members: unique });
  }
  return { rooms, rounds: new Map() };
};

/** Every entry at the head, every sender has read what they sent, every `pos` once and none too many (rules 4 and 7). */
const check = async (db: Db, { rooms, rounds }: World): Promise<string[]> => {
  const expected = new Map<string, number>();
  for (const { id, members } of rooms)
    for (const user of members) expected.set(user, (expected.get(user) ?? 0) + (rounds.get(id) ?? 0));
  const { rows } = await db.pool.query<Record<string, number> & { user_id: string }>(
    `select e.user_id, i.pos as cursor, max(e.pos) as newest, count(*)::int as entries,
       count(distinct e.pos)::int as places, count(*) filter (where e.head_rev <> c.head_rev)::int as behind,
       count(*) filter (where e.read_seq < coalesce(own.seq, 0) or e.read_seq > c.head_seq)::int as unread
     from inbox_entry e join conversation c on c.id = e.conversation_id join inbox_cursor i on i.user_id = e.user_id
     left join (select conversation_id, sender_id, max(seq) as seq from message where state = 'live' group by 1, 2) own
       on own.conversation_id = e.conversation_id and own.sender_id = e.user_id
     group by e.user_id, i.pos`,
  );
  const faults: string[] = [];
  for (const { user_id: user, cursor, newest, entries, places, behind, unread } of rows) {
    if (cursor !== expected.get(user)) faults.push(`cursor of ${user}: ${cursor}, not ${expected.get(user)}`);
    if (newest !== cursor) faults.push(`newest entry of ${user}: pos ${newest}, cursor ${cursor}`);
    if (places !== entries) faults.push(`${user}: ${entries} entries have ${places} different pos`);
    if (behind || unread)
      faults.push(`${user}: ${behind} entries behind, ${unread} with a wrong read position`);
  }
  const written = rows.reduce((sum, { entries = 0 }) => sum + entries, 0);
  const wanted = rooms.reduce((sum, { members }) => sum + members.length, 0);
  if (written !== wanted || rows.length !== expected.size) faults.push(`${written} entries, not ${wanted}`);
  return faults.slice(0, 10);
};

/** Of the updates of entries, the share that wrote no index. */
const hotShare = async (db: Db): Promise<number> => {
  const { rows } = await db.pool.query<{ share: number }>(
    `select round(n_tup_hot_upd::numeric / greatest(n_tup_upd, 1), 3)::float8 as share
     from pg_stat_user_tables where relname = 'inbox_entry'`,
  );
  return rows[0]?.share ?? 0;
};
