import { randomBytes } from 'node:crypto';
import { putPasswordReset } from '@lockstep/db';
import { LockstepError, type ResetLink } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Core } from '../../context.ts';
import { hashCode } from '../../invitation-code.ts';
import { type Administrator, administer } from './administer.ts';

const HOURS = 24;

/**
 * Creates a link with which a person sets a new password: valid once, for a day, replacing an earlier link. The code
 * is only in the answer and stored nowhere. Errors: `forbidden`, `not_found`, `conflict` (deactivated, or without an
 * account).
 */
export const makeResetLink = (
  by: Administrator,
  core: Core,
  { userId }: Parsed<'admin.makeResetLink'>,
): Promise<ResetLink> =>
  administer(by, core, userId, async (client, person) => {
    if (person.deactivated) throw new LockstepError('conflict');
    const code = randomBytes(24).toString('base64url');
    const expiresAt = await putPasswordReset(client, userId, hashCode(code), HOURS);
    return { result: { code, expiresAt }, audit: { action: 'resetLink' } };
  });
