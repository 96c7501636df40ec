import { setSignUpMode, workspaceStatus } from '@lockstep/db';
import type { WorkspaceStatus } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/** Sets who may create an account, with an audit row. Errors: `forbidden` (admins of the workspace only). */
export const setSignUp = async (
  actor: Actor,
  core: Core,
  from: Device,
  { mode }: Parsed<'workspace.setSignUp'>,
): Promise<WorkspaceStatus> => {
  assertAdmin(actor);
  await audited(actor, core, from, 'setting', async (client) => {
    await setSignUpMode(client, mode);
    return { result: null, asked: { signUp: mode } };
  });
  return workspaceStatus(core.db, core.settings.SIGN_UP);
};
