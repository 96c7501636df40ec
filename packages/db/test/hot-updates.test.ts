import { expect, it } from 'vitest';
import { db, ownWorld } from './world.ts';

ownWorld();

/** What changes with every message, by table: an index on one of these would be written for each of them. */
const CHANGING = {
  conversation: ['head_seq', 'head_rev'],
  checkpoint: ['rev'],
  inbox_cursor: ['pos'],
  inbox_entry: ['pos', 'head_rev', 'read_seq'],
};

it('no index has a column that changes with every message, so that rows are updated in place', async () => {
  const { rows } = await db.pool.query<{ table: string; column: string; of: number }>(
    `select t.relname as table, a.attname as column, count(x.indexrelid)::int as of
     from pg_class t join pg_attribute a on a.attrelid = t.oid
     left join pg_index x on x.indrelid = t.oid and a.attnum = any(x.indkey)
     where t.relnamespace = 'public'::regnamespace and t.relname = any($1) group by 1, 2`,
    [Object.keys(CHANGING)],
  );
  const indexes = Object.entries(CHANGING).flatMap(([table, columns]) =>
    columns.map((column) => rows.find((row) => row.table === table && row.column === column)?.of),
  );
  expect(indexes).toEqual(Object.values(CHANGING).flatMap((columns) => columns.map(() => 0)));
});
