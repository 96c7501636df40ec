import { listInvitations as readInvitations } from '@lockstep/db';
import type { Invitation } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import { assertAdmin } from '../rules/admin.ts';

/** The invitations that are still valid. Errors: `forbidden` (admins of the workspace only). */
export const listInvitations = async (actor: Actor, core: Core): Promise<Invitation[]> => {
  assertAdmin(actor);
  return readInvitations(core.db);
};
