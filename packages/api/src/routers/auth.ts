import { actions, sessionFromCookie } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { limitKey } from '../address.ts';
import { publicProcedure, router, signUpProcedure } from '../trpc.ts';

export const authRouter = router({
  signUp: signUpProcedure.input(commands.signUp).mutation(async ({ ctx, input }) => {
    const { me, setCookie } = await actions.signUp(ctx.core, input, ctx.device);
    ctx.setCookie(setCookie);
    return me;
  }),

  signIn: publicProcedure.input(commands.signIn).mutation(async ({ ctx, input }) => {
    const wasRight = ctx.guesses?.attempt(input.email, limitKey(ctx.address));
    const { me, setCookie } = await actions.signIn(ctx.core, input, ctx.device);
    wasRight?.();
    ctx.setCookie(setCookie);
    return me;
  }),

  /** Also without a session, so that a stale cookie goes away. */
  signOut: publicProcedure.mutation(async ({ ctx }) => {
    const actor = await sessionFromCookie(ctx.core, ctx.cookie);
    if (actor) await actions.signOut(actor, ctx.core);
    ctx.setCookie(ctx.core.sessions.expired);
    return null;
  }),
});
