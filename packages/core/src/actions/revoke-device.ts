import { revokeOtherSessions, revokeSession } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/**
 * Ends one of one's own devices: its open sockets at once, its requests from the next one on (rule 10). Both get
 * `revoked`, and the device wipes its local data. Errors: `not_found`.
 */
export const revokeDevice = async (
  actor: Actor,
  core: Core,
  { deviceId }: Parsed<'devices.revoke'>,
): Promise<null> => {
  if (!(await revokeSession(core.db, actor.userId, deviceId))) throw new LockstepError('not_found');
  end(actor, core, deviceId);
  return null;
};

/** Ends all of one's other devices. */
export const revokeOtherDevices = async (actor: Actor, core: Core): Promise<null> => {
  const ended = await revokeOtherSessions(core.db.pool, actor.userId, actor.sessionId);
  for (const sessionId of ended) end(actor, core, sessionId);
  return null;
};

const end = ({ userId }: Actor, core: Core, sessionId: string) => {
  core.sessions.forget(userId);
  core.publish.ended({ userId, sessionId }, 'revoked');
};
