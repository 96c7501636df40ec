import { deleteSession } from '@lockstep/db';
import type { Actor, Core } from '../context.ts';

/** Ends the session of this device, and its sockets (rule 10). */
export const signOut = async (actor: Actor, core: Core): Promise<null> => {
  const { userId, sessionId } = actor;
  await deleteSession(core.db, sessionId);
  core.sessions.forget(userId);
  core.publish.ended({ userId, sessionId }, 'signed_out');
  return null;
};
