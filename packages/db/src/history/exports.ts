import type { ExportFile, ExportQuery, ExportStatus, HistoryExport } from '@lockstep/protocol';
import { PAGE_BYTES } from '../budget.ts';
import type { Db } from '../db.ts';
import type { Prisma } from '../generated/client.ts';
import type { HistoryExportModel } from '../generated/models.ts';

/** An export as its worker reads it: the row is the checkpoint. */
export interface ExportJob extends HistoryExport {
  /** Where the next part continues; null before the first. */
  cursor: string | null;
  parts: number;
  conversationIds: string[];
}

type Row = Omit<HistoryExportModel, 'tries'>;

const toJob = (row: Row, createdByName: string | null): ExportJob => ({
  id: row.id,
  createdBy: row.createdBy,
  createdByName: createdByName ?? '',
  createdAt: row.createdAt.getTime(),
  reason: row.reason,
  // In stored order.
  query: row.query as unknown as ExportQuery,
  status: row.status as ExportStatus,
  cursor: row.cursor,
  parts: row.parts,
  done: row.done,
  total: row.total,
  conversationIds: row.conversationIds,
  files: (row.files ?? []) as unknown as ExportFile[],
  error: row.error,
  retryAt: row.retryAt?.getTime() ?? null,
  finishedAt: row.finishedAt?.getTime() ?? null,
  expiresAt: row.expiresAt?.getTime() ?? null,
});

/** Neither ended nor cancelled. */
const OPEN = { status: { in: ['waiting', 'running'] } };
/** Nothing has gone wrong since it last went on. */
const AT_REST = { tries: 0, error: null, retryAt: null };

export const insertExport = async (
  db: Db,
  { id, createdBy, reason, query }: Pick<ExportJob, 'id' | 'createdBy' | 'reason' | 'query'>,
): Promise<void> => {
  await db.prisma.historyExport.create({
    data: { id, createdBy, reason, query: query as unknown as Prisma.InputJsonObject },
    select: { id: true },
  });
};

export const exportById = async (db: Db, id: string): Promise<ExportJob | null> => {
  const found = await db.prisma.historyExport.findUnique({ where: { id } });
  if (!found) return null;
  const where = { id: found.createdBy };
  const person = await db.prisma.user.findUnique({ where, select: { name: true } });
  return toJob(found, person?.name ?? null);
};

/**
 * Newest first: at most 100, as many as fit in `bytes`, at least one. Without their conversations. In SQL: Prisma
 * cannot say how long a page is in bytes.
 */
export const listExports = async (db: Db, bytes = PAGE_BYTES): Promise<ExportJob[]> => {
  const { rows } = await db.pool.query<Row & { createdByName: string | null }>(
    `select * from (
       select e.*, sum(size) over (order by "createdAt" desc, id) - size as before from (
         select e.id, e.created_by as "createdBy", u.name as "createdByName", e.created_at as "createdAt", e.reason,
           e.query, e.status, null as cursor, e.parts, e.done, e.total, '{}'::uuid[] as "conversationIds", e.files,
           e.error, e.retry_at as "retryAt", e.finished_at as "finishedAt", e.expires_at as "expiresAt",
           octet_length(e.reason) + octet_length(e.query::text) + coalesce(octet_length(e.files::text), 0) as size
         from history_export e left join "user" u on u.id = e.created_by order by e.created_at desc, e.id limit 100
       ) e
     ) e where before < $1 order by "createdAt" desc, id`,
    [bytes],
  );
  return rows.map((row) => toJob(row, row.createdByName));
};

/**
 * Exports that a worker has to continue now, oldest first. In SQL, like the next: a worker asks both every second, and
 * would hold Prisma's compiler in memory for these alone.
 */
export const openExports = async (db: Db): Promise<string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from history_export where status in ('waiting', 'running') and (retry_at is null or retry_at <= now())
     order by created_at limit 20`,
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

/** Changes an export only if it is in that state: of two concurrent changes the second fails. */
const changeIf = async (
  db: Db,
  where: Prisma.HistoryExportWhereInput,
  data: Prisma.HistoryExportUpdateManyMutationInput,
): Promise<boolean> => (await db.prisma.historyExport.updateMany({ where, data })).count === 1;

/** Advances the checkpoint and clears earlier errors. False if the export was cancelled in the meantime. */
export const checkpointExport = (
  db: Db,
  id: string,
  {
    cursor,
    parts,
    done,
    total,
    conversationIds,
  }: Pick<ExportJob, 'cursor' | 'parts' | 'done' | 'total' | 'conversationIds'>,
): Promise<boolean> =>
  changeIf(
    db,
    { id, ...OPEN },
    { status: 'running', cursor, parts, done, total, conversationIds, ...AT_REST },
  );

/** False when it was cancelled meanwhile. `keepMs`: how long its files are kept. */
export const finishExport = (db: Db, id: string, files: ExportFile[], keepMs: number): Promise<boolean> => {
  const finishedAt = new Date();
  return changeIf(
    db,
    { id, ...OPEN },
    {
      status: 'done',
      files: files as unknown as Prisma.InputJsonArray,
      finishedAt,
      expiresAt: new Date(finishedAt.getTime() + keepMs),
      ...AT_REST,
    },
  );
};

/** False when it has ended already. */
export const cancelExport = (db: Db, id: string): Promise<boolean> =>
  changeIf(db, { id, ...OPEN }, { status: 'cancelled', finishedAt: new Date(), error: null, retryAt: null });

/**
 * Stores the error and when to try again: after a second, then after twice as long each time, at most after five
 * minutes. After `most` failures in a row it has failed; what was written is kept for `keepMs`. In SQL: all of it
 * follows from the count that is raised in the same statement.
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

/** Resumes a failed export where it stopped. False if it has not failed. */
export const retryExport = (db: Db, id: string): Promise<boolean> =>
  changeIf(
    db,
    { id, status: 'failed' },
    { status: 'waiting', finishedAt: null, expiresAt: null, ...AT_REST },
  );

/** Runs `work` if no other process works on this export; otherwise returns null. The lock ends with the process. */
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
