import { setSignUpMode, workspaceStatus } from '@lockstep/db';
import type { WorkspaceStatus } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import { assertAdmin } from '../rules/admin.ts';

/** Who may make an account from now on. Errors: `forbidden` (admins of the workspace only). */
export const setSignUp = async (
  actor: Actor,
  core: Core,
  { mode }: { mode: 'open' | 'invitation' },
): Promise<WorkspaceStatus> => {
  assertAdmin(actor);
  await setSignUpMode(core.db, mode);
  return workspaceStatus(core.db, core.settings.SIGN_UP);
};
