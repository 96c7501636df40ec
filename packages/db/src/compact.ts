import type { Db } from './db.ts';

/** Of advisory locks: one process compacts at a time. */
const LOCK = 72_707_376;
/** Smaller indexes are left as they are, in bytes. */
const MIN_BYTES = 32 * 1024 * 1024;
/** An index is rebuilt when it is so many times as large as rebuilt: about once for each doubling of its table. */
const LOOSE = 1.4;

export interface CompactOptions {
  minBytes?: number;
  /** Ends the rebuild that is running; what it leaves is removed by the next call. */
  signal?: AbortSignal;
}

export interface Compacted {
  index: string;
  /** Bytes before and after. */
  before: number;
  after: number;
}

/**
 * Rebuilds the unique indexes of the timelines whose pages are half empty, one after the other, while everything goes
 * on. Messages arrive in the order of time and stand in these indexes by conversation, so a page that is full is split
 * in the middle, and its first half stays half empty for good: 70 bytes an entry instead of 41. Does nothing while
 * another process is at it.
 */
export const compactIndexes = async (
  db: Db,
  { minBytes = MIN_BYTES, signal }: CompactOptions = {},
): Promise<Compacted[]> => {
  const client = await db.pool.connect();
  let cancel = () => {};
  try {
    const { rows } = await client.query<{ mine: boolean; pid: number }>(
      'select pg_try_advisory_lock($1) as mine, pg_backend_pid() as pid',
      [LOCK],
    );
    const [{ mine = false, pid = 0 } = {}] = rows;
    if (!mine) return [];
    cancel = () => void db.pool.query('select pg_cancel_backend($1)', [pid]).catch(() => {});
    signal?.addEventListener('abort', cancel);
    try {
      const done: Compacted[] = [];
      const { rows: unfinished } = await client.query<{ name: string }>(UNFINISHED_SQL);
      for (const { name } of unfinished) await client.query(`drop index concurrently if exists "${name}"`);
      const { rows: loose } = await client.query<{ name: string; bytes: number }>(LOOSE_SQL, [
        minBytes,
        LOOSE,
      ]);
      for (const { name, bytes } of loose) {
        if (signal?.aborted) break;
        await client.query(`reindex index concurrently "${name}"`);
        const { rows: size } = await client.query<{ bytes: number }>(
          'select pg_relation_size($1::regclass) as bytes',
          [name],
        );
        done.push({ index: name, before: bytes, after: size[0]?.bytes ?? 0 });
      }
      return done;
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK]);
    }
  } catch (error) {
    if (signal?.aborted) return [];
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    client.release();
  }
};

/** What a rebuild that was cancelled or killed has left: Postgres names it so, and marks it as invalid. */
const UNFINISHED_SQL = `
select i.relname as name from pg_index x join pg_class i on i.oid = x.indexrelid
where x.indrelid in ('message'::regclass, 'search_message'::regclass) and not x.indisvalid
  and i.relname ~ '_cc(new|old)[0-9]*$'`;

/**
 * $1 bytes at least, $2 how loose. Rebuilt, each entry has its columns (in steps of 8 bytes), a head and a pointer, and
 * pages are filled to 90%. Sizes of rows and columns are those of the last analyze.
 */
const LOOSE_SQL = `
select name, bytes from (
  select i.relname as name, pg_relation_size(i.oid) as bytes,
    t.reltuples * (ceil(sum(s.avg_width) / 8.0) * 8 + 12) / 0.9 as rebuilt
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
  join pg_attribute a on a.attrelid = t.oid and a.attnum = any(x.indkey)
  join pg_stats s on s.schemaname = current_schema() and s.tablename = t.relname and s.attname = a.attname
  where t.oid in ('message'::regclass, 'search_message'::regclass) and x.indisunique and x.indisvalid
  group by i.oid, i.relname, t.reltuples
) sizes where bytes >= $1 and bytes > $2 * rebuilt order by name`;
