import { randomUUID } from 'node:crypto';
import * as db from '@lockstep/db';
import { type HistoryExport, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { exportFile, removeFiles } from '../exports/run.ts';
import { auditor, writeAudit } from '../history/audited-read.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

// Exports of message history, for admins of the workspace. Errors of all: `forbidden`.

/** Requests an export, which a worker creates. It is written to the audit log first. */
export const createExport = async (
  actor: Actor,
  core: Core,
  from: Device,
  { reason, ...query }: Parsed<'admin.createExport'>,
): Promise<{ id: string }> => {
  assertAdmin(actor);
  const id = randomUUID();
  await audit(actor, core, from, 'export', reason, { exportId: id, ...query });
  await db.insertExport(core.db, { id, createdBy: actor.userId, reason, query });
  return { id };
};

/** Errors: `not_found`, `conflict` (it has ended). */
export const cancelExport = async (
  actor: Actor,
  core: Core,
  from: Device,
  { exportId }: Parsed<'admin.cancelExport'>,
): Promise<void> => {
  assertAdmin(actor);
  if (!(await db.exportById(core.db, exportId))) throw new LockstepError('not_found');
  await audit(actor, core, from, 'cancel', '', { exportId });
  if (!(await db.cancelExport(core.db, exportId))) throw new LockstepError('conflict');
  removeFiles({ dataDir: core.settings.DATA_DIR }, exportId);
};

/** Resumes a failed export where it stopped. Errors: `not_found`, `conflict` (it has not failed). */
export const retryExport = async (
  actor: Actor,
  core: Core,
  from: Device,
  { exportId }: Parsed<'admin.retryExport'>,
): Promise<void> => {
  assertAdmin(actor);
  const job = await db.exportById(core.db, exportId);
  if (!job) throw new LockstepError('not_found');
  await audit(actor, core, from, 'export', job.reason, { exportId, again: true });
  if (!(await db.retryExport(core.db, exportId))) throw new LockstepError('conflict');
};

/**
 * Records in the audit log that this session downloads a file; the file may be fetched for a minute. Errors:
 * `not_found`.
 */
export const downloadExport = async (
  actor: Actor,
  core: Core,
  from: Device,
  { exportId, file, reason }: Parsed<'admin.downloadExport'>,
): Promise<{ path: string }> => {
  assertAdmin(actor);
  const job = await db.exportById(core.db, exportId);
  if (!job || !exportFile(core.settings.DATA_DIR, job, file)) throw new LockstepError('not_found');
  await audit(actor, core, from, 'download', reason, { exportId, file });
  return { path: `/api/admin/exports/${exportId}/${file}` };
};

/** The file that this session has just requested, or null for anybody else. */
export const openExportFile = async (
  actor: Actor,
  core: Core,
  { exportId, file }: { exportId: string; file: string },
): Promise<string | null> => {
  if (actor.role !== 'admin') return null;
  if (!(await db.mayDownload(core.db, actor.sessionId, exportId, file))) return null;
  const job = await db.exportById(core.db, exportId);
  return job && exportFile(core.settings.DATA_DIR, job, file);
};

export const listExports = async (actor: Actor, core: Core): Promise<HistoryExport[]> => {
  assertAdmin(actor);
  return (await db.listExports(core.db, core.budget?.limits.bytes)).map(
    ({ cursor: _, parts: __, conversationIds: ___, ...job }) => job,
  );
};

const audit = (
  actor: Actor,
  core: Core,
  from: Device,
  action: 'export' | 'cancel' | 'download',
  reason: string,
  asked: Record<string, unknown>,
): Promise<void> =>
  writeAudit(core, { ...auditor(actor, from), action, reason, asked, answered: 0, conversationIds: [] });
