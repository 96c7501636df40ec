import { actions, sessionFromCookie } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { limitKey } from '../address.ts';
import { guarded, guessOf } from '../sign-in-guard.ts';
import { passwordCheckProcedure, publicProcedure, router, signUpProcedure } from '../trpc.ts';

export const authRouter = router({
  signUp: signUpProcedure.input(commands.signUp).mutation(async ({ ctx, input }) => {
    const { core, device, isLocal } = ctx;
    const { me, setCookie } = await actions.signUp(core, input, device, limitKey(ctx.address), isLocal);
    ctx.setCookie(setCookie);
    ctx.setCookie(core.knownDevices.remember(ctx.cookie, me.email));
    return me;
  }),

  signIn: publicProcedure.input(commands.signIn).mutation(async ({ ctx, input }) => {
    const guess = await guessOf(ctx, input.email);
    const { me, setCookie } = await guarded(ctx, guess, (turn) =>
      actions.signIn(ctx.core, input, ctx.device, turn),
    );
    ctx.setCookie(setCookie);
    ctx.setCookie(ctx.core.knownDevices.remember(ctx.cookie, me.email));
    return me;
  }),

  /** A mutation, so that the password gets into no address. */
  checkPassword: passwordCheckProcedure
    .input(commands.checkPassword)
    .mutation(async ({ ctx, input: { password, ...whose } }) => ({
      weakness: await ctx.core.passwords.weakness(password, whose),
    })),

  /** With the code of a link that an admin has made. */
  resetPassword: publicProcedure.input(commands.resetPassword).mutation(async ({ ctx, input }) => {
    const { core } = ctx;
    const address = limitKey(ctx.address);
    const actor = await sessionFromCookie(core, ctx.cookie);
    const { userId, email } = await actions.resetPassword(core, input, ctx.device, address);
    // An admin who tries the link stays signed in.
    if (!actor || actor.userId === userId)
      for (const one of core.sessions.expire(ctx.cookie)) ctx.setCookie(one);
    ctx.setCookie(core.knownDevices.remember(ctx.cookie, email));
    ctx.throttle?.forgive(email, address);
    return null;
  }),

  /** Also without a session, so that a stale cookie goes away. */
  signOut: publicProcedure.mutation(async ({ ctx }) => {
    const actor = await sessionFromCookie(ctx.core, ctx.cookie);
    if (actor) await actions.signOut(actor, ctx.core);
    for (const one of ctx.core.sessions.expire(ctx.cookie)) ctx.setCookie(one);
    return null;
  }),
});
