import {
  type AccessRow,
  type AuditInput,
  appendAuditIn,
  changePeople,
  isActiveAdmin,
  lockPerson,
  NOBODY,
  type Queryable,
} from '@lockstep/db';
import { type AuditAction, LockstepError } from '@lockstep/protocol';
import type { Actor, Core } from '../../context.ts';
import { auditor, logAudit } from '../../history/audited-read.ts';
import { type MembershipChange, publishMembership } from '../../publish-membership.ts';
import { publishPeople } from '../../publish-people.ts';
import { assertAdmin } from '../../rules/admin.ts';
import type { Device } from '../../session.ts';

/** Who changes somebody's access: an admin on a device, or the command line of the server. */
export type Administrator = { actor: Actor; from: Device } | 'command line';

interface Change<T> {
  result: T;
  /** Null if nothing changes: then nothing is written. */
  audit: { action: AuditAction; asked?: Record<string, unknown> } | null;
  /** Sessions ended by the change. */
  ended?: string[];
  /** Roles in conversations that changed with it. */
  memberships?: MembershipChange[];
}

/**
 * Changes the access of one person and adds the audit row, both or neither. The caller's role is checked again
 * inside, so that a role removed a moment ago has no effect. Errors: `forbidden`, `not_found`, `conflict` (a name
 * from an import has no access).
 */
export const administer = async <T>(
  by: Administrator,
  core: Core,
  userId: string,
  change: (client: Queryable, person: AccessRow) => Promise<Change<T>>,
): Promise<T> => {
  if (by !== 'command line') assertAdmin(by.actor);
  const { result, ended, memberships, head } = await changePeople(core.db, async (client) => {
    if (by !== 'command line' && !(await isActiveAdmin(client, by.actor.userId)))
      throw new LockstepError('forbidden');
    const person = await lockPerson(client, userId);
    if (person.placeholder) throw new LockstepError('conflict');
    const done = await change(client, person);
    return {
      ...done,
      head: done.audit && (await appendAuditIn(client, entryOf(by, person, done.audit), core.db.auditKey)),
    };
  });
  if (head) logAudit(core, head);
  endSessions(core, userId, ended ?? []);
  if (head) await publishPeople(core, [userId]);
  for (const membership of memberships ?? []) await publishMembership(core, membership);
  return result;
};

const entryOf = (
  by: Administrator,
  { id, name, email }: AccessRow,
  { action, asked = {} }: NonNullable<Change<unknown>['audit']>,
): AuditInput => ({
  ...(by === 'command line'
    ? { actorId: NOBODY, sessionId: NOBODY, address: null, device: null }
    : auditor(by.actor, by.from)),
  action,
  reason: '',
  asked: { userId: id, name, email, ...asked },
  answered: 0,
  conversationIds: [],
});

/** Clears this process immediately; other processes are notified by the database. */
export const endSessions = (core: Core, userId: string, sessionIds: string[]): void => {
  core.sessions.forget(userId);
  for (const sessionId of sessionIds) core.publish.ended({ userId, sessionId }, 'revoked');
};
