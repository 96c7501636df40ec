import { randomBytes } from 'node:crypto';
import { insertInvitation, isPlaceholder } from '@lockstep/db';
import { type Invitation, LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { hashCode } from '../invitation-code.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/**
 * The code is in the answer and nowhere else: only its hash is stored. The audit log has the invitation, without its code.
 * Errors: `forbidden` (admins only), `not_found` (`claims` is not a placeholder), `invalid_input` (a placeholder can be
 * claimed by one person only).
 */
export const createInvitation = async (
  actor: Actor,
  core: Core,
  from: Device,
  { days, uses, claims }: Parsed<'invitations.create'>,
): Promise<Invitation & { code: string }> => {
  assertAdmin(actor);
  if (claims && uses !== 1) {
    throw new LockstepError('invalid_input', undefined, {
      issues: [{ path: 'uses', message: 'an invitation that claims a person has one use' }],
    });
  }
  if (claims && !(await isPlaceholder(core.db, claims))) throw new LockstepError('not_found');
  const code = randomBytes(24).toString('base64url');
  const invitation = await audited(actor, core, from, 'invitation', async (client) => {
    const result = await insertInvitation(client, {
      codeHash: hashCode(code),
      createdBy: actor.userId,
      days,
      uses,
      claims: claims ?? null,
    });
    return { result, asked: { made: result.id, days, uses, claims: claims ?? null } };
  });
  return { ...invitation, code };
};
