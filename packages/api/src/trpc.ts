import { type Actor, Budget, errorCodeOf, toActor, withBudget } from '@lockstep/core';
import { LockstepError } from '@lockstep/protocol';
import type { CostClass, Entry } from '@lockstep/protocol/contract';
import { initTRPC } from '@trpc/server';
import { limitKey } from './address.ts';
import type { ApiContext } from './context.ts';
import { COSTS, rateOf } from './costs.ts';
import { formatError, toTRPCError } from './errors.ts';
import type { SignedIn } from './handlers/types.ts';

const t = initTRPC.context<ApiContext>().create({ isDev: false, errorFormatter: formatError });

export const { router } = t;

const withTypedErrors = t.middleware(async ({ next }) => {
  const result = await next();
  return result.ok ? result : { ...result, error: toTRPCError(result.error) };
});

/** For anyone; limited by address. */
const forAnyone = ({ cost, kind }: Entry) => {
  const rate = rateOf({ cost, kind });
  return t.procedure.use(withTypedErrors).use(async ({ ctx, next, path }) => {
    ctx.limits.take(rate, limitKey(ctx.address));
    return metered(ctx, { path, userId: null, cost, reads: kind === 'query' }, () =>
      next({ ctx: { caller: ctx as ApiContext } }),
    );
  });
};

/** For the signed-in, or only the admins among them; limited by account. */
const forSignedIn = ({ access, cost, kind }: Entry) => {
  const rate = rateOf({ cost, kind });
  return t.procedure.use(withTypedErrors).use(async ({ ctx, next, path }) => {
    const actor = await authenticate(ctx);
    ctx.limits.take(rate, actor.userId);
    return metered(ctx, { path, userId: actor.userId, cost, reads: kind === 'query' }, async (core) => {
      if (access === 'admin' && actor.role !== 'admin') throw new LockstepError('forbidden');
      const caller: SignedIn = { actor, core, request: ctx };
      return next({ ctx: { caller } });
    });
  });
};

/** `checkOutput`: in tests. Answers are typed already, and checking them would cost time in each call. */
export const procedureOf = (
  entry: Entry,
  handler: (caller: never, input: never) => Promise<unknown>,
  checkOutput: boolean,
) => {
  const open = entry.access === 'anyone' ? forAnyone(entry) : forSignedIn(entry);
  const parsed = entry.input ? open.input(entry.input) : open;
  const answered = (checkOutput ? parsed.output(entry.output) : parsed) as typeof parsed;
  const run = ({ ctx, input }: { ctx: { caller: unknown }; input: unknown }) =>
    handler(ctx.caller as never, input as never);
  return entry.kind === 'query' ? answered.query(run) : answered.mutation(run);
};

interface Metered {
  path: string;
  userId: string | null;
  cost: CostClass;
  /** It is read-only and may be stopped anywhere. */
  reads: boolean;
}

/** Runs a call when the gate admits it, with its own budget, and counts its usage (docs/budget.md). */
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
    // Calls without an account read little, and for a send even counting would be noticeable.
    if (cost === 'send' || userId === null) {
      const result = await run(core);
      if (!result.ok) code = errorCodeOf(result.error?.cause ?? result.error);
      return result;
    }
    const { limits } = COSTS[cost];
    // The size of an answer is bounded, however many calls the batch has.
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
