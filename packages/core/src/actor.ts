import type { SessionRow } from '@lockstep/db';
import type { Actor, Core } from './context.ts';

export const toActor = ({ userId, sessionId, role }: SessionRow): Actor => ({ userId, sessionId, role });

/** Who sends this `Cookie` header: null when nobody, or the session has ended. Up to 5 s old for other processes. */
export const sessionFromCookie = async (
  core: Pick<Core, 'sessions'>,
  cookieHeader: string | undefined,
): Promise<Actor | null> => {
  const session = await core.sessions.read(cookieHeader);
  return session && toActor(session);
};
