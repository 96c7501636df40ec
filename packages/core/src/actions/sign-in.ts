import { credentialsOf, readMe } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../context.ts';
import type { Device } from '../session.ts';
import type { SignedIn } from './sign-up.ts';

/** How the caller limits password attempts. */
export interface SignInTurn {
  /** Callers with the same key share a queue: an address, or the network of one subscriber. */
  key: string;
  /** Called right before the password is checked; may throw `rate_limited`. */
  onTurn(): void;
}

/**
 * Errors: `bad_credentials`, the same and after the same time for an unknown e-mail, a wrong password and a person
 * without an account: each takes one hash. `deactivated` is returned only with the right password.
 */
export const signIn = async (
  core: Core,
  input: Parsed<'auth.signIn'>,
  device: Device,
  { key, onTurn }: SignInTurn = { key: '', onTurn: () => {} },
): Promise<SignedIn> => {
  const found = await credentialsOf(core.db, input.email);
  const right = await core.passwords.verify(key, input.password, found?.passwordHash ?? null, onTurn);
  if (!found || !right) throw new LockstepError('bad_credentials');
  if (found.deactivated) throw new LockstepError('deactivated');
  const { sessionId, setCookie } = await core.sessions.open(found.userId, device, found.passwordHash);
  return { me: await readMe(core.db, found.userId, sessionId), setCookie };
};
