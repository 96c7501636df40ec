import { randomUUID } from 'node:crypto';
import {
  beginConsumer,
  type ConsumerStart,
  createConversation,
  createDb,
  type Db,
  ensureCheckpoints,
  inTransaction,
  laggingConversations,
  lockCheckpoints,
  withConversation,
} from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Consumer } from '../src/consumer.ts';
import { CONSUMERS } from '../src/consumers/index.ts';
import { type RunningConsumers, runConsumers } from '../src/run-consumers.ts';
import { makeGroup } from './world.ts';

const log = pino({ level: 'silent' });

let database: TestDatabase;
let db: Db;
const running: RunningConsumers[] = [];
beforeAll(async () => {
  database = await testDatabase();
  db = createDb({ connectionString: database.url, poolSize: 8 });
});
beforeEach(async () => {
  await db.pool.query('truncate conversation, member, message, checkpoint, consumer_start cascade');
});
const stop = async () => {
  await Promise.all(running.splice(0).flatMap((one) => [one.stopSweeps(), one.idle()]));
};
afterEach(stop);
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A consumer such as one that notifies: it remembers what it is given, as `seq` by conversation. */
const recorder = (start: ConsumerStart, name = 'recorder') => {
  const heard = new Map<string, number[]>();
  const consumer: Consumer = {
    name,
    start,
    spacingMs: 0,
    holdsQueue: true,
    work: async (ids) => {
      await ensureCheckpoints(db.pool, name, ids);
      await inTransaction(db.pool, async (client) => {
        await lockCheckpoints(client, name, ids);
        const { rows } = await client.query<{ id: string; seq: number }>(
          `select m.conversation_id as id, m.seq from checkpoint k
           join message m on m.conversation_id = k.conversation_id and m.rev > k.rev
           where k.conversation_id = any($1::uuid[]) and k.consumer = $2 order by m.rev`,
          [ids, name],
        );
        for (const { id, seq } of rows) heard.set(id, [...(heard.get(id) ?? []), seq]);
        await client.query(
          `update checkpoint k set rev = c.head_rev from conversation c
           where c.id = k.conversation_id and c.id = any($1::uuid[]) and k.consumer = $2`,
          [ids, name],
        );
      });
    },
  };
  return { consumer, heard: (id: string) => heard.get(id) ?? [] };
};

const run = (consumers: Consumer[], sweepSeconds = 3_600): RunningConsumers => {
  const one = runConsumers(db, consumers, sweepSeconds, log);
  running.push(one);
  return one;
};

const begun = (name = 'recorder') =>
  expect
    .poll(
      async () => (await db.pool.query('select 1 from consumer_start where consumer = $1', [name])).rowCount,
      {
        interval: 5,
      },
    )
    .toBe(1);
const caughtUp = (name = 'recorder') =>
  expect.poll(() => laggingConversations(db, name, 10), { interval: 5 }).toEqual([]);

const say = async ({ id, people: [senderId = ''] }: { id: string; people: string[] }, count: number) => {
  for (let n = 0; n < count; n++)
    await db.appender.append({ conversationId: id, senderId, clientId: randomUUID(), body: 'hello' });
};

it('every entry has a name of its own', () => {
  const parts = { db, index: { consumer: 'index' }, settings: { FANOUT_THRESHOLD: 500 } };
  const names = CONSUMERS.map((make) => make(parts as Parameters<typeof make>[0]).name);
  expect(names).toEqual(['fanout', 'index']);
});

describe('a consumer that is switched on where there is history', () => {
  it('start: beginning: is given all of it', async () => {
    const group = await makeGroup(db, 2);
    await say(group, 3);
    const { consumer, heard } = recorder('beginning');
    run([consumer]);
    await expect.poll(() => heard(group.id), { interval: 5 }).toEqual([1, 2, 3, 4]);
  });

  it('start: head: is given nothing of it, and all that comes after, woken by jobs', async () => {
    const group = await makeGroup(db, 2);
    await say(group, 3);
    const { consumer, heard } = recorder('head');
    const { wake } = run([consumer]);
    await begun();
    await wake([group.id]);
    expect(heard(group.id)).toEqual([]);
    await say(group, 2);
    await wake([group.id]);
    expect(heard(group.id)).toEqual([5, 6]);
    const later = await makeGroup(db, 2);
    await say(later, 1);
    await wake([later.id, group.id]);
    expect(heard(later.id)).toEqual([1, 2]);
    expect(heard(group.id)).toEqual([5, 6]);
  });

  it('start: head: the sweep finds conversations whose job was lost', async () => {
    const group = await makeGroup(db, 2);
    await say(group, 3);
    const { consumer, heard } = recorder('head');
    run([consumer]);
    await begun();
    await stop();
    await say(group, 1);
    const later = await makeGroup(db, 2);
    run([consumer]);
    await caughtUp();
    await expect.poll(() => [heard(group.id), heard(later.id)], { interval: 5 }).toEqual([[5], [1]]);
  });

  it('start: head: what others commit while it is switched on comes after', async () => {
    const group = await makeGroup(db, 2);
    const [owner = ''] = group.people;
    const id = randomUUID();
    const { consumer, heard } = recorder('head');
    // Both transactions have written, and neither has committed, when the heads are taken.
    await createConversation(
      db,
      { id, kind: 'group', visibility: 'private', title: 'New', topic: null, createdBy: owner },
      async (made) => {
        await made.appendSystem(owner, { type: 'created', title: 'New' });
        await made.join([owner]);
        await withConversation(db, group.id, async (moved) => {
          await moved.appendSystem(owner, { type: 'renamed', title: 'Moved' });
          run([consumer]);
          await begun();
        });
      },
    );
    await running[0]?.wake([group.id, id]);
    expect([heard(group.id), heard(id)]).toEqual([[2], [1]]);
  });

  it('start: head: begins once, whoever starts beside it or after it', async () => {
    const consumer = { name: 'recorder', start: 'head' } as const;
    const before = await makeGroup(db, 2);
    await Promise.all([beginConsumer(db, consumer), beginConsumer(db, consumer)]);
    const after = await makeGroup(db, 2);
    await say(before, 1);
    await beginConsumer(db, consumer);
    const lagging = await laggingConversations(db, 'recorder', 10);
    expect(lagging.sort()).toEqual([before.id, after.id].sort());
    await ensureCheckpoints(db.pool, 'recorder', lagging);
    const { rows } = await db.pool.query<{ id: string; rev: number }>(
      'select conversation_id as id, rev from checkpoint where consumer = $1',
      ['recorder'],
    );
    expect(Object.fromEntries(rows.map((row) => [row.id, row.rev]))).toEqual({
      [before.id]: 1,
      [after.id]: 0,
    });
  });

  it('does not work before it could begin, and tries again', async () => {
    const group = await makeGroup(db, 2);
    await db.pool.query('alter table consumer_start rename to hidden');
    const { consumer, heard } = recorder('head');
    const { wake } = run([consumer]);
    await expect(wake([group.id])).rejects.toThrow('consumer_start');
    await db.pool.query('alter table hidden rename to consumer_start');
    await wake([group.id]);
    await say(group, 1);
    await wake([group.id]);
    expect(heard(group.id)).toEqual([2]);
  });
});

it('rule 9: a job waits for those that hold the queue, and for no other', async () => {
  const started: string[] = [];
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const stuck = (name: string, holdsQueue: boolean): Consumer => ({
    ...recorder('beginning', name).consumer,
    holdsQueue,
    work: async () => {
      started.push(name);
      await opened;
    },
  });
  const { consumer } = recorder('beginning');
  await run([consumer, stuck('away', false)]).wake([randomUUID()]);
  expect(started).toEqual(['away']);
  let isDone = false;
  const held = run([stuck('holds', true)])
    .wake([randomUUID()])
    .then(() => {
      isDone = true;
    });
  await expect.poll(() => started, { interval: 1 }).toEqual(['away', 'holds']);
  expect(isDone).toBe(false);
  open();
  await held;
});
