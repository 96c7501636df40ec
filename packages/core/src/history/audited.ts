import { appendAuditIn, inTransaction, type Queryable } from '@lockstep/db';
import type { AuditAction } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import type { Device } from '../session.ts';
import { auditor, logAudit } from './audited-read.ts';

interface Change<T> {
  result: T;
  /** Content of the audit row. Null if nothing changes: then nothing is written. */
  asked: Record<string, unknown> | null;
}

/** A change and its row in the audit log, both or neither. */
export const audited = async <T>(
  actor: Actor,
  core: Core,
  from: Device,
  action: AuditAction,
  change: (client: Queryable) => Promise<Change<T>>,
): Promise<T> => {
  const { result, entry } = await inTransaction(core.db.pool, async (client) => {
    const { result, asked } = await change(client);
    if (!asked) return { result, entry: null };
    const row = { ...auditor(actor, from), action, reason: '', asked, answered: 0, conversationIds: [] };
    return { result, entry: await appendAuditIn(client, row, core.db.auditKey) };
  });
  if (entry) logAudit(core, entry);
  return result;
};
