import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { procedure, router } from '../trpc.ts';

export const meRouter = router({
  get: procedure.query(({ ctx }) => queries.getMe(ctx.actor, ctx.core)),
  rename: procedure
    .input(commands.renameMe)
    .mutation(({ ctx, input }) => actions.renameMe(ctx.actor, ctx.core, input)),
});

export const peopleRouter = router({
  search: procedure
    .input(commands.searchPeople)
    .query(({ ctx, input }) => queries.searchPeople(ctx.actor, ctx.core, input)),
  get: procedure
    .input(commands.getPeople)
    .query(({ ctx, input }) => queries.getPeople(ctx.actor, ctx.core, input)),
});
