import type { Db } from '@lockstep/db';

/** What is put in waits in a list of 1 MB, looked through by every search, and goes into the tree together: see ADR 0012. */
const PENDING = 'with (fastupdate = on, gin_pending_list_limit = 1024)';

/** As the migrations make them. */
const INDEXES = {
  search_message_tokens_idx: `using gin (tokens) ${PENDING}`,
  search_message_codes_idx: `using gin (codes gin_trgm_ops) ${PENDING}`,
  search_message_at_idx: '(at)',
  search_message_sender_id_idx: '(sender_id)',
};

/** Makes those that are missing: a first build that was killed in the middle has taken them away. */
export const ensureIndexes = async (db: Db): Promise<void> => {
  const { rows } = await db.pool.query<{ name: string }>(
    `select i.relname as name from pg_index x join pg_class i on i.oid = x.indexrelid
     where x.indrelid = 'search_message'::regclass and x.indisvalid`,
  );
  const there = new Set(rows.map(({ name }) => name));
  for (const [name, definition] of Object.entries(INDEXES))
    if (!there.has(name))
      await db.pool.query(`create index if not exists ${name} on search_message ${definition}`);
};

/**
 * Takes the indexes away while nothing is in the table yet: they are made several times faster over rows that are there
 * than row by row. Returns whether it did; call `ensureIndexes` afterwards, whatever happens.
 */
export const dropIndexesOfEmpty = async (db: Db): Promise<boolean> => {
  const { rowCount } = await db.pool.query('select 1 from search_message where seq > 0 limit 1');
  if (rowCount) return false;
  await db.pool.query(`drop index if exists ${Object.keys(INDEXES).join(', ')}`);
  return true;
};
