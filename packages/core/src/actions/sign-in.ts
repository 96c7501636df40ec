import { credentialsOf, readMe } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../context.ts';
import type { Device } from '../session.ts';
import type { SignedIn } from './sign-up.ts';

/** How the caller limits guessing. */
export interface SignInTurn {
  /** Who waits in one line: an address, or the network of one subscriber. */
  key: string;
  /** Called when the password is about to be checked; may throw `rate_limited`. */
  onTurn(): void;
}

/**
 * Errors: `bad_credentials`, the same and as late for an unknown e-mail, a wrong password and a person without an
 * account: each takes one hash. `deactivated`, told to who has the right password only.
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
