import { deleteInvitation } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/** Errors: `forbidden` (admins of the workspace only), `not_found`. */
export const revokeInvitation = async (
  actor: Actor,
  core: Core,
  from: Device,
  { invitationId }: Parsed<'invitations.revoke'>,
): Promise<null> => {
  assertAdmin(actor);
  return audited(actor, core, from, 'invitation', async (client) => {
    if (!(await deleteInvitation(client, invitationId))) throw new LockstepError('not_found');
    return { result: null, asked: { revoked: invitationId } };
  });
};
