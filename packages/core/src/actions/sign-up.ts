import { createAccount, isInvitationValid, readMe, workspaceStatus } from '@lockstep/db';
import { LockstepError, type Me } from '@lockstep/protocol';
import type { Core } from '../context.ts';
import { hashCode } from '../invitation-code.ts';
import type { Device } from '../session.ts';

export interface SignedIn {
  me: Me;
  /** `Set-Cookie` header. */
  setCookie: string;
}

/**
 * Makes an account and signs in; the first one becomes admin of the workspace. Errors: `invitation_required`,
 * `conflict` (the e-mail is taken; takes as long as a sign-up that works).
 */
export const signUp = async (
  core: Core,
  input: { name: string; email: string; password: string; invitation?: string | undefined },
  device: Device,
): Promise<SignedIn> => {
  const invitationHash = input.invitation ? hashCode(input.invitation) : null;
  await assertInvited(core, invitationHash);
  const auth = await core.auth.$context;
  const passwordHash = await auth.password.hash(input.password);
  const userId = await createAccount(core.db, {
    name: input.name,
    email: input.email,
    passwordHash,
    invitationHash,
    defaultSignUp: core.settings.SIGN_UP,
  });
  const { sessionId, setCookie } = await core.sessions.open(userId, device);
  return { me: await readMe(core.db, userId, sessionId), setCookie };
};

/** A look before the costly hash; createAccount decides. */
const assertInvited = async (core: Core, invitationHash: string | null) => {
  if (invitationHash) {
    if (!(await isInvitationValid(core.db, invitationHash))) throw new LockstepError('invitation_required');
    return;
  }
  const { ready, signUp: mode } = await workspaceStatus(core.db, core.settings.SIGN_UP);
  if (ready && mode === 'invitation') throw new LockstepError('invitation_required');
};
