import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { currentPassword, resetPassword, signIn, signUp } from '../commands.ts';
import { PASSWORD_WEAKNESSES } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { me } from '../person.ts';
import { mutation } from './define.ts';
import { nothing } from './fields.ts';

/** Signing in, up and out; signing in and up set the cookie. */
export const auth = {
  signUp: mutation({ access: 'anyone', isIdempotent: false, cost: 'signUp', input: signUp, output: me }),
  /** Each call begins a session. */
  signIn: mutation({ access: 'anyone', isIdempotent: false, input: signIn, output: me }),
  /** Checks a password while it is typed. A mutation, so that the password gets into no URL. */
  checkPassword: mutation({
    access: 'anyone',
    isIdempotent: true,
    cost: 'passwordCheck',
    input: z.strictObject({
      password: currentPassword,
      name: bounded(z.string().max(2 * LIMITS.personName)).default(''),
      email: bounded(z.string().max(LIMITS.email)).default(''),
    }),
    output: z.strictObject({ weakness: z.enum(PASSWORD_WEAKNESSES).nullable() }),
  }),
  /** With the code of a link made by an admin; valid once. */
  resetPassword: mutation({ access: 'anyone', isIdempotent: false, input: resetPassword, output: nothing }),
  /** Works without a session, so that a stale cookie is deleted. */
  signOut: mutation({ access: 'anyone', isIdempotent: true, output: nothing }),
};
