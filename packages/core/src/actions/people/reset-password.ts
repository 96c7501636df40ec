import {
  appendAuditIn,
  changePeople,
  lockPerson,
  NOBODY,
  passwordResetPerson,
  revokeAllSessions,
  setPassword,
  takePasswordReset,
} from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../../context.ts';
import { auditor, logAudit } from '../../history/audited-read.ts';
import { hashCode } from '../../invitation-code.ts';
import type { Device } from '../../session.ts';
import { endSessions } from './administer.ts';

/** Whether a reset link is valid now. */
export const isResetCode = async (core: Core, code: string): Promise<boolean> =>
  (await passwordResetPerson(core.db, hashCode(code))) !== null;

/**
 * Sets the password of the person a reset link was made for and ends all their sessions. The link becomes invalid.
 * `key` is the address of the caller. Errors: `weak_password`, `not_found` (unknown, used, expired, or deactivated
 * meanwhile).
 */
export const resetPassword = async (
  core: Core,
  { code, password }: Parsed<'auth.resetPassword'>,
  from: Device,
  key = '',
): Promise<{ userId: string; email: string }> => {
  const codeHash = hashCode(code);
  const found = await passwordResetPerson(core.db, codeHash);
  if (!found) throw new LockstepError('not_found');
  await core.passwords.assertStrong(password, found);
  const passwordHash = await core.passwords.hash(key, password);
  const { userId, email, ended, head } = await changePeople(core.db, async (client) => {
    const taken = await takePasswordReset(client, codeHash);
    if (!taken) throw new LockstepError('not_found');
    const person = await lockPerson(client, taken);
    if (person.deactivated) throw new LockstepError('not_found');
    await setPassword(client, taken, passwordHash, null);
    const sessions = await revokeAllSessions(client, taken);
    const entry = await appendAuditIn(
      client,
      {
        ...auditor({ userId: taken, sessionId: NOBODY, role: person.role }, from),
        action: 'password',
        reason: '',
        asked: {
          userId: taken,
          name: person.name,
          email: person.email,
          by: 'link',
          devices: sessions.length,
        },
        answered: 0,
        conversationIds: [],
      },
      core.db.auditKey,
    );
    return { userId: taken, email: person.email, ended: sessions, head: entry };
  });
  logAudit(core, head);
  endSessions(core, userId, ended);
  return { userId, email };
};
