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
import { passOwnership } from './pass-ownership.ts';

/**
 * Deactivates a person: no sign-in any more, every session and socket ends, links to set a password are void; what they
 * wrote and where they are a member stays, and what they owned alone gets another owner. Or takes that back, but for the
 * owners. Errors: `forbidden`, `not_found`, `conflict` (without an account), `last_admin`.
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
    const memberships = await passOwnership(client, userId);
    const ended = await revokeAllSessions(client, userId);
    await notifyAccess(client, userId);
    return {
      result: null,
      ended,
      memberships,
      audit: { action: 'deactivate', asked: { devices: ended.length } },
    };
  });
