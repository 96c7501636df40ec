import type { ExportFile, ExportQuery, ExportStatus, HistoryExport } from '@lockstep/protocol';
import { PAGE_BYTES } from '../budget.ts';
import type { Db } from '../db.ts';

/** An export as its worker reads it: the row is the checkpoint. */
export interface ExportJob extends HistoryExport {
  /** Where the next part goes on; null before the first. */
  cursor: string | null;
  parts: number;
  conversationIds: string[];
}

interface Row {
  id: string;
  created_by: string;
  name: string | null;
  created_at: Date;
  reason: string;
  query: ExportQuery;
  status: ExportStatus;
  cursor: string | null;
  parts: number;
  done: number;
  total: number | null;
  conversation_ids: string[];
  files: ExportFile[] | null;
  error: string | null;
  retry_at: Date | null;
  finished_at: Date | null;
  expires_at: Date | null;
}

const toJob = (row: Row): ExportJob => ({
  id: row.id,
  createdBy: row.created_by,
  createdByName: row.name ?? '',
  createdAt: row.created_at.getTime(),
  reason: row.reason,
  query: row.query,
  status: row.status,
  cursor: row.cursor,
  parts: row.parts,
  done: row.done,
  total: row.total,
  conversationIds: row.conversation_ids,
  files: row.files ?? [],
  error: row.error,
  retryAt: row.retry_at?.getTime() ?? null,
  finishedAt: row.finished_at?.getTime() ?? null,
  expiresAt: row.expires_at?.getTime() ?? null,
});

const SELECT = 'select e.*, u.name from history_export e left join "user" u on u.id = e.created_by';

export const insertExport = async (
  db: Db,
  { id, createdBy, reason, query }: Pick<ExportJob, 'id' | 'createdBy' | 'reason' | 'query'>,
): Promise<void> => {
  await db.pool.query('insert into history_export (id, created_by, reason, query) values ($1, $2, $3, $4)', [
    id,
    createdBy,
    reason,
    JSON.stringify(query),
  ]);
};

export const exportById = async (db: Db, id: string): Promise<ExportJob | null> => {
  const { rows } = await db.pool.query<Row>(`${SELECT} where e.id = $1`, [id]);
  return rows[0] ? toJob(rows[0]) : null;
};

/** Newest first: at most 100, as many as have `bytes` together, and one at least. Without their conversations. */
export const listExports = async (db: Db, bytes = PAGE_BYTES): Promise<ExportJob[]> => {
  const { rows } = await db.pool.query<Row>(
    `select * from (
       select e.*, sum(size) over (order by created_at desc, id) - size as before from (
         select e.id, e.created_by, u.name, e.created_at, e.reason, e.query, e.status, null as cursor, e.parts, e.done,
           e.total, '{}'::uuid[] as conversation_ids, e.files, e.error, e.retry_at, e.finished_at, e.expires_at,
           octet_length(e.reason) + octet_length(e.query::text) + coalesce(octet_length(e.files::text), 0) as size
         from history_export e left join "user" u on u.id = e.created_by order by e.created_at desc, e.id limit 100
       ) e
     ) e where before < $1 order by created_at desc, id`,
    [bytes],
  );
  return rows.map(toJob);
};

/** Those that a worker has to go on with now, the oldest first. */
export const openExports = async (db: Db): Promise<string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from history_export where status in ('waiting', 'running')
       and (retry_at is null or retry_at <= now()) order by created_at limit 20`,
  );
  return rows.map(({ id }) => id);
};

/** Those whose files are to be deleted. */
export const pastExports = async (db: Db): Promise<string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `update history_export set status = 'expired', files = null
     where status in ('done', 'failed') and expires_at < now() returning id`,
  );
  return rows.map(({ id }) => id);
};

/** Moves the checkpoint on, and forgets what went wrong before. False when the export was cancelled meanwhile. */
export const checkpointExport = async (
  db: Db,
  id: string,
  at: Pick<ExportJob, 'cursor' | 'parts' | 'done' | 'total' | 'conversationIds'>,
): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    `update history_export set status = 'running', cursor = $2, parts = $3, done = $4, total = $5, conversation_ids = $6,
       tries = 0, error = null, retry_at = null
     where id = $1 and status in ('waiting', 'running')`,
    [id, at.cursor, at.parts, at.done, at.total, at.conversationIds],
  );
  return rowCount === 1;
};

/** False when it was cancelled meanwhile. `keepMs`: how long its files are kept. */
export const finishExport = async (
  db: Db,
  id: string,
  files: ExportFile[],
  keepMs: number,
): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    `update history_export set status = 'done', files = $2, finished_at = now(), tries = 0, error = null, retry_at = null,
       expires_at = now() + $3 * interval '1 millisecond' where id = $1 and status in ('waiting', 'running')`,
    [id, JSON.stringify(files), keepMs],
  );
  return rowCount === 1;
};

/** False when it has ended already. */
export const cancelExport = async (db: Db, id: string): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    `update history_export set status = 'cancelled', error = null, retry_at = null, finished_at = now()
     where id = $1 and status in ('waiting', 'running')`,
    [id],
  );
  return rowCount === 1;
};

/**
 * Notes why it does not go on, and when it is tried again: after a second, then after twice as long each time, at most
 * after five minutes. After `most` failures in a row it has failed; what was written is kept for `keepMs`.
 */
export const holdExport = async (
  db: Db,
  id: string,
  error: string,
  { most, keepMs }: { most: number; keepMs: number },
): Promise<void> => {
  await db.pool.query(
    `update history_export set error = $2, tries = tries + 1,
       status = case when tries + 1 >= $3 then 'failed' else status end,
       finished_at = case when tries + 1 >= $3 then now() end,
       expires_at = case when tries + 1 >= $3 then now() + $4 * interval '1 millisecond' end,
       retry_at = case when tries + 1 < $3 then now() + least(300, power(2, tries)) * interval '1 second' end
     where id = $1 and status in ('waiting', 'running')`,
    [id, error, most, keepMs],
  );
};

/** Lets one that has failed go on where it stopped. False when it has not failed. */
export const retryExport = async (db: Db, id: string): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    `update history_export set status = 'waiting', tries = 0, error = null, retry_at = null, finished_at = null,
       expires_at = null where id = $1 and status = 'failed'`,
    [id],
  );
  return rowCount === 1;
};

/** Runs `work` where no other process works on this export; null where one does. The lock ends with the process. */
export const withExportLock = async <T>(db: Db, id: string, work: () => Promise<T>): Promise<T | null> => {
  const client = await db.pool.connect();
  try {
    const { rows } = await client.query<{ ok: boolean }>(
      'select pg_try_advisory_lock(72707371, hashtext($1)) as ok',
      [id],
    );
    if (!rows[0]?.ok) return null;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock(72707371, hashtext($1))', [id]);
    }
  } finally {
    client.release();
  }
};

/** Whether this session has said, in the last minute and in the audit log, that it downloads this file. */
export const mayDownload = async (
  db: Db,
  sessionId: string,
  exportId: string,
  file: string,
): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    `select 1 from audit_entry where session_id = $1 and action = 'download' and at > now() - interval '1 minute'
       and asked->>'exportId' = $2 and asked->>'file' = $3 limit 1`,
    [sessionId, exportId, file],
  );
  return (rowCount ?? 0) > 0;
};
