import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { limitKey } from '../address.ts';
import { guarded } from '../sign-in-guard.ts';
import { procedure, router } from '../trpc.ts';

export const meRouter = router({
  get: procedure.query(({ ctx }) => queries.getMe(ctx.actor, ctx.core)),
  rename: procedure
    .input(commands.renameMe)
    .mutation(({ ctx, input }) => actions.renameMe(ctx.actor, ctx.core, ctx.request.device, input)),
  /** Who has stolen a session must not guess the password with it: limited as sign-ins are. */
  changePassword: procedure.input(commands.changePassword).mutation(({ ctx, input }) => {
    const { actor, core, request } = ctx;
    const guess = {
      email: `password of ${actor.userId}`,
      address: limitKey(request.address),
      device: null,
      isKnownAddress: false,
    };
    return guarded(request, guess, (turn) =>
      actions.changePassword(actor, core, request.device, input, turn),
    );
  }),
});

export const peopleRouter = router({
  search: procedure
    .input(commands.searchPeople)
    .query(({ ctx, input }) => queries.searchPeople(ctx.actor, ctx.core, input)),
  changes: procedure
    .input(commands.pullPeople)
    .query(({ ctx, input }) => queries.pullPeople(ctx.actor, ctx.core, input)),
  get: procedure
    .input(commands.getPeople)
    .query(({ ctx, input }) => queries.getPeople(ctx.actor, ctx.core, input)),
});
