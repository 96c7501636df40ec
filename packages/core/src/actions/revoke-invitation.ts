import { deleteInvitation } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import { assertAdmin } from '../rules/admin.ts';

/** Errors: `forbidden` (admins of the workspace only), `not_found`. */
export const revokeInvitation = async (
  actor: Actor,
  core: Core,
  { invitationId }: { invitationId: string },
): Promise<null> => {
  assertAdmin(actor);
  if (!(await deleteInvitation(core.db, invitationId))) throw new LockstepError('not_found');
  return null;
};
