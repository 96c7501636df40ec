import { hasOtherAdmin, notifyAccess, storeRole } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../../context.ts';
import { type Administrator, administer } from './administer.ts';

/**
 * Makes a person an admin of the workspace, or a member; from the next request on, wherever they are signed in. Errors:
 * `forbidden`, `not_found`, `conflict` (deactivated, or without an account), `last_admin`.
 */
export const setPersonRole = (
  by: Administrator,
  core: Core,
  { userId, role }: Parsed<'admin.setPersonRole'>,
): Promise<null> =>
  administer(by, core, userId, async (client, person) => {
    if (person.role === role) return { result: null, audit: null };
    if (person.deactivated) throw new LockstepError('conflict');
    if (role !== 'admin' && !(await hasOtherAdmin(client, userId))) throw new LockstepError('last_admin');
    await storeRole(client, userId, role);
    await notifyAccess(client, userId);
    return { result: null, audit: { action: 'role', asked: { role } } };
  });
