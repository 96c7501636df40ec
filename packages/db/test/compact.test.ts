import { compactIndexes } from '@lockstep/db';
import { expect, it } from 'vitest';
import { db, makeGroup, ownWorld, someoneWaits, upTo, uuid, world } from './world.ts';

ownWorld();

const sizeOf = async (index: string) => {
  const { rows } = await db.pool.query<{ bytes: number }>('select pg_relation_size($1::regclass) as bytes', [
    index,
  ]);
  return rows[0]?.bytes ?? 0;
};

it('rebuilds what grew by turns among many conversations, once', async () => {
  const me = uuid();
  const ids = await Promise.all(upTo(20).map(() => makeGroup(db, [me])));
  // Whole rounds, a message for each conversation: as they come in, not one conversation after the other.
  await db.pool.query(
    `insert into message (conversation_id, seq, rev, sender_id, client_id, body)
     select id, s, s, $2, gen_random_uuid(), 'hello' from generate_series(2, 800) s cross join unnest($1::uuid[]) id order by s`,
    [ids, me],
  );
  await db.pool.query('analyze message');
  const before = await sizeOf('message_pkey');

  // What a rebuild leaves that was killed.
  await db.pool.query('create index message_pkey_ccnew on message (seq)');
  await db.pool.query(
    `update pg_index set indisvalid = false where indexrelid = 'message_pkey_ccnew'::regclass`,
  );

  expect(await compactIndexes(db)).toEqual([]);
  const { rowCount } = await db.pool.query(`select 1 from pg_class where relname ~ '_cc(new|old)'`);
  expect(rowCount).toBe(0);

  const done = await compactIndexes(db, { minBytes: 100_000 });
  expect(done.map(({ index }) => index)).toEqual(['message_conversation_id_rev_key', 'message_pkey']);
  expect(done[1]).toEqual({ index: 'message_pkey', before, after: await sizeOf('message_pkey') });
  expect(await sizeOf('message_pkey')).toBeLessThan(before / 1.4);
  expect(await compactIndexes(db, { minBytes: 100_000 })).toEqual([]);

  const { rows } = await db.pool.query<{ indisvalid: boolean; indisunique: boolean }>(
    `select indisvalid, indisunique from pg_index where indexrelid = 'message_pkey'::regclass`,
  );
  expect(rows).toEqual([{ indisvalid: true, indisunique: true }]);
});

it('does nothing while another process is at it, and stops when it is told to', async () => {
  const other = await world.another().pool.connect();
  await other.query('select pg_advisory_lock(72707376)');
  expect(await compactIndexes(db, { minBytes: 0 })).toEqual([]);
  await other.query('select pg_advisory_unlock(72707376)');

  // A rebuild waits for transactions that use the table; told to stop, it does not wait any longer.
  await db.pool.query('analyze search_message');
  await other.query('begin');
  await other.query('select 1 from search_message limit 1');
  const stop = new AbortController();
  const compacting = compactIndexes(db, { minBytes: 0, signal: stop.signal });
  await someoneWaits(db);
  stop.abort();
  expect(await compacting).toEqual([]);
  await other.query('rollback');
  other.release();
});
