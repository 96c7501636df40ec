import { type Actor, Budget, errorCodeOf, toActor, withBudget } from '@lockstep/core';
import { initTRPC } from '@trpc/server';
import { limitKey } from './address.ts';
import type { ApiContext } from './context.ts';
import { COSTS, type CostClass } from './costs.ts';
import { formatError, toTRPCError } from './errors.ts';
import type { Budget as RateBudget } from './rate-limits.ts';

const t = initTRPC.context<ApiContext>().create({ isDev: false, errorFormatter: formatError });

export const { router } = t;

const withTypedErrors = t.middleware(async ({ next }) => {
  const result = await next();
  return result.ok ? result : { ...result, error: toTRPCError(result.error) };
});

/** For anyone; limited by address. */
const publicWith = (budget: RateBudget) =>
  t.procedure.use(withTypedErrors).use(async ({ ctx, next, path, type }) => {
    ctx.limits.take(budget, limitKey(ctx.address));
    return metered(ctx, { path, userId: null, cost: 'public', reads: type === 'query' }, () => next());
  });

interface Options {
  rate?: RateBudget;
  cost?: CostClass;
}

/** For the signed-in; limited by account. `ctx.actor` is who calls; `ctx.request` has what is read only when needed. */
const signedInWith = ({ rate, cost = 'light' }: Options = {}) =>
  t.procedure.use(withTypedErrors).use(async ({ ctx, next, type, path }) => {
    const actor = await authenticate(ctx);
    ctx.limits.take(rate ?? (type === 'query' ? 'query' : 'mutation'), actor.userId);
    return metered(ctx, { path, userId: actor.userId, cost, reads: type === 'query' }, (core) =>
      next({ ctx: { actor, core, request: ctx as ApiContext } }),
    );
  });

interface Metered {
  path: string;
  userId: string | null;
  cost: CostClass;
  /** It changes nothing, and may be stopped anywhere. */
  reads: boolean;
}

/** Runs a call when its turn has come, with a budget of its own, and counts what it uses (docs/budget.md). */
const metered = async <T extends { ok: boolean; error?: { cause?: unknown } }>(
  { core, gates, usages, calls }: ApiContext,
  { path, userId, cost, reads }: Metered,
  run: (core: ApiContext['core']) => Promise<T>,
): Promise<T> => {
  const startedAt = performance.now();
  let budget: Budget | null = null;
  let code: string | null = null;
  let leave = () => {};
  try {
    leave = await gates.enter(cost, userId);
    // What is read before there is an account is little, and of a send even the counting would be felt.
    if (cost === 'send' || cost === 'public') {
      const result = await run(core);
      if (!result.ok) code = errorCodeOf(result.error?.cause ?? result.error);
      return result;
    }
    const { limits } = COSTS[cost];
    // What a request answers is bounded, of however many calls it is.
    budget = new Budget({ ...limits, bytes: Math.ceil(limits.bytes / calls) });
    const result = await run(withBudget(core, budget, { limited: reads }));
    if (!result.ok) code = errorCodeOf(result.error?.cause ?? result.error);
    return result;
  } catch (error) {
    code = errorCodeOf(error);
    throw error;
  } finally {
    leave();
    usages.record(path, userId, performance.now() - startedAt, budget, code);
  }
};

const authenticate = async (ctx: ApiContext): Promise<Actor> => {
  const { sessions } = ctx.core;
  const session = await sessions.read(ctx.cookie);
  if (!session) throw await sessions.refusal(ctx.cookie);
  if (sessions.isDue(session))
    for (const one of await sessions.renew(session, ctx.cookie)) ctx.setCookie(one);
  else if (!sessions.hasOwnName(ctx.cookie))
    for (const one of await sessions.exchange(session, ctx.cookie)) ctx.setCookie(one);
  return toActor(session);
};

export const publicProcedure = publicWith('public');
export const signUpProcedure = publicWith('signUp');
export const passwordCheckProcedure = publicWith('passwordCheck');
export const procedure = signedInWith();
/** The hot path has a budget of its own. */
export const sendProcedure = signedInWith({ rate: 'send', cost: 'send' });
/** Searching costs more than reading, and people type fast. */
export const searchProcedure = signedInWith({ rate: 'search', cost: 'search' });
/** Reads all that a device holds. */
export const digestProcedure = signedInWith({ cost: 'digest' });
/** Reads the whole audit log. */
export const verifyProcedure = signedInWith({ cost: 'verify' });
