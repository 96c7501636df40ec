import { readMe } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import { isAPIError } from 'better-auth/api';
import { CLIENT_IP_HEADER } from '../auth.ts';
import type { Core } from '../context.ts';
import { type Device, sessionFromCookie } from '../session.ts';
import type { SignedIn } from './sign-up.ts';

/**
 * Errors: `bad_credentials`, the same and as late for an unknown e-mail, a wrong password and a person without an
 * account: better-auth hashes in each case.
 */
export const signIn = async (
  core: Core,
  input: { email: string; password: string },
  device: Device,
): Promise<SignedIn> => {
  const headers = new Headers();
  if (device.userAgent) headers.set('user-agent', device.userAgent);
  if (device.ipAddress) headers.set(CLIENT_IP_HEADER, device.ipAddress);
  const setCookie = await checked(core, input, headers);
  const actor = await sessionFromCookie(core, setCookie.split(';', 1)[0]);
  if (!actor) throw new Error('better-auth gave a cookie that we cannot read');
  return { me: await readMe(core.db, actor.userId, actor.sessionId), setCookie };
};

const checked = async (core: Core, body: { email: string; password: string }, headers: Headers) => {
  try {
    const answer = await core.auth.api.signInEmail({ body, headers, returnHeaders: true });
    const start = `${core.sessions.cookieName}=`;
    const setCookie = answer.headers.getSetCookie().find((cookie) => cookie.startsWith(start));
    if (!setCookie) throw new Error('better-auth gave no session cookie');
    return setCookie;
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) throw new LockstepError('bad_credentials');
    throw error;
  }
};
