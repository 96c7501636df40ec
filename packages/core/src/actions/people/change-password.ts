import {
  appendAuditIn,
  changePeople,
  dropPasswordResets,
  lockPerson,
  passwordOf,
  revokeOtherSessions,
  setPassword,
} from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../../context.ts';
import { auditor, logAudit } from '../../history/audited-read.ts';
import type { Device } from '../../session.ts';
import type { SignInTurn } from '../sign-in.ts';
import { endSessions } from './administer.ts';

/**
 * Changes one's own password, given the current one; ends all of one's other sessions. Errors: `bad_credentials` (the
 * current one is wrong), `weak_password`, `conflict` (it was changed meanwhile).
 */
export const changePassword = async (
  actor: Actor,
  core: Core,
  from: Device,
  { current, password }: Parsed<'me.changePassword'>,
  { key, onTurn }: SignInTurn = { key: '', onTurn: () => {} },
): Promise<{ devices: number }> => {
  const { userId, sessionId } = actor;
  const stored = await passwordOf(core.db, userId);
  const right = await core.passwords.verify(key, current, stored?.passwordHash ?? null, onTurn);
  if (!stored || !right) throw new LockstepError('bad_credentials');
  await core.passwords.assertStrong(password, stored);
  const passwordHash = await core.passwords.hash(key, password);
  const { ended, head } = await changePeople(core.db, async (client) => {
    const person = await lockPerson(client, userId);
    if (person.deactivated) throw new LockstepError('unauthenticated');
    if (!(await setPassword(client, userId, passwordHash, stored.passwordHash)))
      throw new LockstepError('conflict');
    await dropPasswordResets(client, userId);
    const sessions = await revokeOtherSessions(client, userId, sessionId);
    const entry = await appendAuditIn(
      client,
      {
        ...auditor(actor, from),
        action: 'password',
        reason: '',
        asked: { userId, name: person.name, email: person.email, by: 'self', devices: sessions.length },
        answered: 0,
        conversationIds: [],
      },
      core.db.auditKey,
    );
    return { ended: sessions, head: entry };
  });
  logAudit(core, head);
  endSessions(core, userId, ended);
  return { devices: ended.length };
};
