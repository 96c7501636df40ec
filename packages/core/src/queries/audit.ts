import * as db from '@lockstep/db';
import {
  type AccessNotice,
  type AuditPage,
  type AuditReport,
  type EarlierTexts,
  LockstepError,
} from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { keptHeads } from '../history/heads.ts';
import { assertAdmin } from '../rules/admin.ts';

/** How many accesses members see. */
const LISTED_ACCESSES = 20;

/** Every access and export by every admin, newest first. Errors: `forbidden`. */
export const listAudit = async (
  actor: Actor,
  core: Core,
  filter: Parsed<'admin.audit'>,
): Promise<AuditPage & { tellLooks: boolean; earlierTexts: EarlierTexts }> => {
  assertAdmin(actor);
  return {
    ...(await db.auditPage(core.db, filter, core.budget?.limits.bytes)),
    tellLooks: await db.readAccessNotices(core.db),
    earlierTexts: await db.earlierTextsReaders(core.db),
  };
};

/** Verifies the whole chain. `kept` is a head that was copied earlier. Errors: `forbidden`. */
export const verifyAudit = async (
  actor: Actor,
  core: Core,
  { kept }: Parsed<'admin.verifyAudit'>,
): Promise<AuditReport> => {
  assertAdmin(actor);
  return db.verifyAudit(core.db, kept, await keptHeads(core.settings.DATA_DIR));
};

/**
 * The latest accesses of admins to a conversation, as far as its members may see them. Errors: `not_found` (rule 10).
 */
export const listAccesses = async (
  actor: Actor,
  core: Core,
  { conversationId }: Parsed<'conversations.looks'>,
): Promise<AccessNotice> => {
  if (!(await db.isMember(core.db.pool, conversationId, actor.userId))) throw new LockstepError('not_found');
  const isShown = await db.readAccessNotices(core.db);
  return {
    told: isShown,
    looks: isShown ? await db.listAccesses(core.db, conversationId, LISTED_ACCESSES) : [],
  };
};
