import { type AuditInput, appendAudit } from '@lockstep/db';
import type { AuditAction, AuditEntry } from '@lockstep/protocol';
import type { Logger } from 'pino';
import type { Actor, Core } from '../context.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';
import type { Settings } from '../settings.ts';
import { readUserAgent } from '../user-agent.ts';
import { keepHead } from './heads.ts';

/** The result of a read, and what the audit row says of it. */
interface Found<T> {
  answer: T;
  answered: number;
  conversationIds: string[];
}

/**
 * An admin reads what others wrote. The answer is returned only after the audit row is durable: if that fails, nobody
 * has seen anything. Errors: `forbidden` (admins of the workspace only).
 */
export const auditedRead = async <T>(
  actor: Actor,
  core: Core,
  from: Device,
  { action, reason, asked }: { action: AuditAction; reason: string; asked: Record<string, unknown> },
  work: () => Promise<Found<T>>,
): Promise<T> => {
  assertAdmin(actor);
  const { answer, answered, conversationIds } = await work();
  await writeAudit(core, {
    ...auditor(actor, from),
    action,
    reason,
    asked,
    answered,
    conversationIds: [...new Set(conversationIds)].sort(),
  });
  return answer;
};

export const auditor = (
  { userId, sessionId }: Actor,
  { ipAddress, userAgent }: Device,
): Pick<AuditInput, 'actorId' | 'sessionId' | 'address' | 'device'> => {
  const { browser, system } = readUserAgent(userAgent);
  return {
    actorId: userId,
    sessionId,
    address: ipAddress,
    device: [browser, system].filter(Boolean).join(' · ') || null,
  };
};

/** Where heads are kept: the log of a process and its data directory. */
interface HeadKeepers {
  log: Pick<Logger, 'info' | 'warn'>;
  settings: Pick<Settings, 'DATA_DIR'>;
}

export const writeAudit = async (core: HeadKeepers & Pick<Core, 'db'>, input: AuditInput): Promise<void> =>
  logAudit(core, await appendAudit(core.db, input));

/** Writes the head of the chain to the process log and to a file, as evidence outside the database. */
export const logAudit = ({ log, settings }: HeadKeepers, { n, hash, action }: AuditEntry): void => {
  log.info({ n, hash, action }, 'audit');
  keepHead(settings.DATA_DIR, { n, hash }).catch((error: Error) =>
    log.warn({ err: error }, 'audit: a head could not be kept beside the database'),
  );
};
