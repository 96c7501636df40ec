import { z } from 'zod';
import { id } from '../ids.ts';
import { invitation, signUpMode, workspaceStatus } from '../workspace.ts';
import { mutation, query } from './define.ts';
import { nothing } from './fields.ts';

export const workspace = {
  status: query({ access: 'anyone', output: workspaceStatus }),
  setSignUp: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({ mode: signUpMode }),
    output: workspaceStatus,
  }),
};

export const invitations = {
  /** The code is returned only this once. */
  create: mutation({
    access: 'admin',
    isIdempotent: false,
    input: z.strictObject({
      /** Days until it expires. */
      days: z.int().min(1).max(90).default(7),
      /** How many people may use it. */
      uses: z.int().min(1).max(1_000).default(1),
      /** A placeholder person whose name and messages the new account takes over. */
      claims: id.optional(),
    }),
    output: invitation.extend({ code: z.string() }),
  }),
  /** The invitations that are still valid. */
  list: query({ access: 'admin', output: z.array(invitation) }),
  revoke: mutation({
    access: 'admin',
    isIdempotent: true,
    input: z.strictObject({ invitationId: id }),
    output: nothing,
  }),
};
