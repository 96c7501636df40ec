import { appendHistory, messageAtTime } from '@lockstep/db';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { db, leave, makeGroup, ownWorld, uuid, world } from './world.ts';

ownWorld();

/** The group's own two system messages are older than all of these. */
const withTimes = async (times: number[]) => {
  const me = uuid();
  const id = await makeGroup(db, [me]);
  await db.pool.query('update message set created_at = to_timestamp(0) where conversation_id = $1', [id]);
  const rows = times.map((at) => ({
    senderId: me,
    clientId: uuid(),
    body: `at ${at}`,
    system: null,
    createdAt: new Date(at),
  }));
  await appendHistory(db, id, rows);
  const { rows: stored } = await db.pool.query<{ created_at: Date }>(
    'select created_at from message where conversation_id = $1 order by seq',
    [id],
  );
  return { me, id, stored: stored.map((row) => row.created_at.getTime()) };
};
const firstAt = (stored: number[], at: number) => {
  const index = stored.findIndex((time) => time >= at);
  return index < 0 ? null : index + 1;
};

describe('jump to a date', () => {
  it('finds the first message at or after any time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 60 }), async (unsorted) => {
        const { me, id, stored } = await withTimes([...unsorted].sort((a, b) => a - b));
        for (const at of [0, 1, 399, 400, 401, ...unsorted.flatMap((time) => [time - 1, time, time + 1])])
          expect(await messageAtTime(db, me, { conversationId: id, at })).toBe(firstAt(stored, at));
      }),
      { numRuns: 15 },
    );
  });

  it('also where the clock of the server once stepped back', async () => {
    const times = Array.from({ length: 1_000 }, (_, n) => 1_000 * (n + 1));
    // A step back of 30 s.
    for (let n = 500; n < 1_000; n++) times[n] = (times[n] as number) - 30_000;
    const { me, id, stored } = await withTimes(times);
    for (let at = 400_000; at < 600_000; at += 777)
      expect(await messageAtTime(db, me, { conversationId: id, at })).toBe(firstAt(stored, at));
  });

  it('reads a few rows of the primary key, not the conversation', async () => {
    const { me, id } = await withTimes(Array.from({ length: 4_000 }, (_, n) => 1_000 * n));
    await db.pool.query('analyze message');
    const seen = async () => {
      await db.pool.query('select pg_stat_force_next_flush()');
      const { rows } = await db.pool.query<{ n: number }>(
        `select coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0) as n from pg_stat_user_tables where relname = 'message'`,
      );
      return rows[0]?.n ?? 0;
    };
    const one = world.another({ poolSize: 1 });
    const before = await seen();
    expect(await messageAtTime(one, me, { conversationId: id, at: 2_000_500 })).toBe(2_003);
    await one.close();
    expect((await seen()) - before).toBeLessThan(200);
  });

  it('rule 10: is not found for who is not, or no longer, a member', async () => {
    const { me, id } = await withTimes([1]);
    const refused = { code: 'not_found' };
    await expect(messageAtTime(db, uuid(), { conversationId: id, at: 0 })).rejects.toMatchObject(refused);
    await expect(messageAtTime(db, me, { conversationId: uuid(), at: 0 })).rejects.toMatchObject(refused);
    await leave(id, me);
    await expect(messageAtTime(db, me, { conversationId: id, at: 0 })).rejects.toMatchObject(refused);
  });
});
