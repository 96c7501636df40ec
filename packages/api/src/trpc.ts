import { type Actor, toActor } from '@lockstep/core';
import { initTRPC } from '@trpc/server';
import { limitKey } from './address.ts';
import type { ApiContext } from './context.ts';
import { formatError, toTRPCError } from './errors.ts';
import type { Budget } from './rate-limits.ts';

const t = initTRPC.context<ApiContext>().create({ isDev: false, errorFormatter: formatError });

export const { router } = t;

const withTypedErrors = t.middleware(async ({ next }) => {
  const result = await next();
  return result.ok ? result : { ...result, error: toTRPCError(result.error) };
});

/** For anyone; limited by address. */
const publicWith = (budget: Budget) =>
  t.procedure.use(withTypedErrors).use(({ ctx, next }) => {
    ctx.limits.take(budget, limitKey(ctx.address));
    return next();
  });

/** For the signed-in; limited by account. `ctx.actor` is who calls; `ctx.request` has what is read only when needed. */
const signedInWith = (budget?: Budget) =>
  t.procedure.use(withTypedErrors).use(async ({ ctx, next, type }) => {
    const actor = await authenticate(ctx);
    ctx.limits.take(budget ?? (type === 'query' ? 'query' : 'mutation'), actor.userId);
    return next({ ctx: { actor, request: ctx as ApiContext } });
  });

const authenticate = async (ctx: ApiContext): Promise<Actor> => {
  const { sessions } = ctx.core;
  const session = await sessions.read(ctx.cookie);
  if (!session) throw await sessions.refusal(ctx.cookie);
  if (sessions.isDue(session)) {
    const renewed = await sessions.renew(session, ctx.cookie);
    if (renewed) ctx.setCookie(renewed);
  }
  return toActor(session);
};

export const publicProcedure = publicWith('public');
export const signUpProcedure = publicWith('signUp');
export const procedure = signedInWith();
/** The hot path has a budget of its own. */
export const sendProcedure = signedInWith('send');
/** Searching costs more than reading, and people type fast. */
export const searchProcedure = signedInWith('search');
