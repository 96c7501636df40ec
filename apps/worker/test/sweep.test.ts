import { createDb, type Db, fanOut, laggingConversations } from '@lockstep/db';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBatches } from '../src/batches.ts';
import { fanOutConsumer } from '../src/consumers/fan-out.ts';
import { startSweep } from '../src/sweep.ts';

const log = pino({ level: 'silent' });

describe('the sweep (rule 9)', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await testDatabase();
    db = createDb({ connectionString: database.url, poolSize: 3 });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });
  beforeEach(async () => {
    await db.pool.query('truncate conversation, checkpoint cascade');
  });

  /** Conversations that have moved, and of which no job told. */
  const makeLagging = (count: number) =>
    db.pool.query(
      `insert into conversation (id, kind, visibility, created_by, head_seq, head_rev)
       select gen_random_uuid(), 'group', 'private', gen_random_uuid(), 1, 1 from generate_series(1, $1)`,
      [count],
    );
  const look = (limit: number) => laggingConversations(db, 'fanout', limit);
  const fanOuts = () => createBatches(fanOutConsumer({ db, settings: { FANOUT_THRESHOLD: 500 } }), log);
  const lagging = async () => (await laggingConversations(db, 'fanout', 10_000)).length;

  it.each([0, 1, 999, 1_000, 1_001, 2_500])('works off all of %i in one round', async (count) => {
    await makeLagging(count);
    expect(await lagging()).toBe(count);
    let worked = 0;
    let calls = 0;
    const batches = fanOuts();
    const sweep = startSweep(
      look,
      (ids) => {
        worked += ids.length;
        calls++;
        return batches.work(ids);
      },
      3_600,
      log,
    );
    await expect.poll(lagging, { interval: 5 }).toBe(0);
    await sweep.close();
    expect(worked).toBe(count);
    // Where there is nothing, nobody is woken.
    expect(calls).toBe(Math.ceil(count / 1_000));
  });

  it('takes a conversation again only when it has moved again', async () => {
    await makeLagging(3);
    const ids = await laggingConversations(db, 'fanout', 10);
    await fanOut(db, ids, { threshold: 500 });
    await db.pool.query('update conversation set head_rev = 2 where id = $1', [ids[1]]);
    expect(await laggingConversations(db, 'fanout', 10)).toEqual([ids[1]]);
    expect(await laggingConversations(db, 'index', 10)).toHaveLength(3);
    expect(await laggingConversations(db, 'index', 2)).toHaveLength(2);
  });

  it('does not query again after close', async () => {
    await makeLagging(2_500);
    const asked: number[] = [];
    const batches = fanOuts();
    const work = async (ids: string[]) => {
      asked.push(ids.length);
      await batches.work(ids);
      void sweep.close();
    };
    const sweep = startSweep(look, work, 3_600, log);
    await expect.poll(() => asked.length, { interval: 5 }).toBe(1);
    await sweep.close();
    expect(asked).toEqual([1_000]);
    expect(await lagging()).toBe(1_500);
  });
});
