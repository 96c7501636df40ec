import { revokeAllSessions } from '@lockstep/db';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../../context.ts';
import { type Administrator, administer } from './administer.ts';

/**
 * Signs a person out on all their devices, which then wipe their local data; returns how many there were. Errors:
 * `forbidden`, `not_found`, `conflict` (without an account).
 */
export const endPersonSessions = (
  by: Administrator,
  core: Core,
  { userId }: Parsed<'admin.endPersonSessions'>,
): Promise<{ devices: number }> =>
  administer(by, core, userId, async (client) => {
    const ended = await revokeAllSessions(client, userId);
    const result = { devices: ended.length };
    return { result, ended, audit: { action: 'signOut', asked: result } };
  });
