import { randomBytes } from 'node:crypto';
import { insertInvitation, isPlaceholder } from '@lockstep/db';
import { type Invitation, LockstepError } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import { hashCode } from '../invitation-code.ts';
import { assertAdmin } from '../rules/admin.ts';

/**
 * The code is in the answer and nowhere else: only its hash is stored. Errors: `forbidden` (admins only), `not_found`
 * (`claims` is not a placeholder), `invalid_input` (a placeholder can be claimed by one person only).
 */
export const createInvitation = async (
  actor: Actor,
  core: Core,
  { days, uses, claims }: { days: number; uses: number; claims?: string | undefined },
): Promise<Invitation & { code: string }> => {
  assertAdmin(actor);
  if (claims && uses !== 1) {
    throw new LockstepError('invalid_input', undefined, {
      issues: [{ path: 'uses', message: 'an invitation that claims a person has one use' }],
    });
  }
  if (claims && !(await isPlaceholder(core.db, claims))) throw new LockstepError('not_found');
  const code = randomBytes(24).toString('base64url');
  const invitation = await insertInvitation(core.db, {
    codeHash: hashCode(code),
    createdBy: actor.userId,
    days,
    uses,
    claims: claims ?? null,
  });
  return { ...invitation, code };
};
