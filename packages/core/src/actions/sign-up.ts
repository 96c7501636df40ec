import { createAccount, isInvitationValid, readMe, workspaceStatus } from '@lockstep/db';
import { isLocalEmail, LockstepError, type Me } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../context.ts';
import { hashCode } from '../invitation-code.ts';
import { publishPeople } from '../publish-people.ts';
import type { Device } from '../session.ts';

export interface SignedIn {
  me: Me;
  /** `Set-Cookie` header. */
  setCookie: string;
}

/**
 * Creates an account and signs in; the first account becomes admin of the workspace and needs the code of
 * `firstAdminCode`, unless it is created on this machine (`isLocal`). Errors: `code_required`, `invitation_required`,
 * `invalid_input` (an e-mail of a local network, without LOCAL_EMAIL), `weak_password`, `conflict` (the e-mail is
 * taken; takes as long as a successful sign-up). `key` is the address of the caller.
 */
export const signUp = async (
  core: Core,
  input: Parsed<'auth.signUp'>,
  device: Device,
  key = '',
  isLocal = true,
): Promise<SignedIn> => {
  if (core.settings.LOCAL_EMAIL === 'off' && isLocalEmail(input.email))
    throw new LockstepError('invalid_input', undefined, {
      issues: [{ path: 'email', message: 'has no dot in its domain: LOCAL_EMAIL=on takes such addresses' }],
    });
  const invitationHash = input.invitation ? hashCode(input.invitation) : null;
  await assertFirst(core, isLocal, input.code);
  await assertInvited(core, invitationHash);
  await core.passwords.assertStrong(input.password, input);
  const passwordHash = await core.passwords.hash(key, input.password);
  const userId = await createAccount(core.db, {
    name: input.name,
    email: input.email,
    passwordHash,
    invitationHash,
    defaultSignUp: core.settings.SIGN_UP,
  });
  // A person who came with an import is no longer a placeholder.
  await publishPeople(core, [userId]);
  const { sessionId, setCookie } = await core.sessions.open(userId, device);
  return { me: await readMe(core.db, userId, sessionId), setCookie };
};

/** Accounts are never all removed, so checking beforehand is enough. */
const assertFirst = async (core: Core, isLocal: boolean, code: string | undefined) => {
  if (isLocal || core.isFirstAdminCode(code)) return;
  const { ready } = await workspaceStatus(core.db, core.settings.SIGN_UP);
  if (!ready) throw new LockstepError('code_required');
};

/** An early check before the expensive hash; createAccount decides. */
const assertInvited = async (core: Core, invitationHash: string | null) => {
  if (invitationHash) {
    if (!(await isInvitationValid(core.db, invitationHash))) throw new LockstepError('invitation_required');
    return;
  }
  const { ready, signUp: mode } = await workspaceStatus(core.db, core.settings.SIGN_UP);
  if (ready && mode === 'invitation') throw new LockstepError('invitation_required');
};
