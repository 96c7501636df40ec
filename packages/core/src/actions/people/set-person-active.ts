import {
  dropPasswordResets,
  hasOtherAdmin,
  notifyAccess,
  revokeAllSessions,
  storeActive,
} from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../../context.ts';
import { type Administrator, administer } from './administer.ts';

/**
 * Deactivates a person: they cannot sign in, every session and socket ends, reset links become invalid; their
 * messages and memberships stay. Or activates them again. Errors: `forbidden`, `not_found`, `conflict` (without an
 * account), `last_admin`.
 */
export const setPersonActive = (
  by: Administrator,
  core: Core,
  { userId, active }: Parsed<'admin.setPersonActive'>,
): Promise<null> =>
  administer(by, core, userId, async (client, person) => {
    if (person.deactivated === !active) return { result: null, audit: null };
    if (active) {
      await storeActive(client, userId, true);
      return { result: null, audit: { action: 'reactivate' } };
    }
    if (person.role === 'admin' && !(await hasOtherAdmin(client, userId)))
      throw new LockstepError('last_admin');
    await storeActive(client, userId, false);
    await dropPasswordResets(client, userId);
    const ended = await revokeAllSessions(client, userId);
    await notifyAccess(client, userId);
    return { result: null, ended, audit: { action: 'deactivate', asked: { devices: ended.length } } };
  });
