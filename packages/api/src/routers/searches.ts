import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { procedure, router } from '../trpc.ts';

/** What is remembered of one's own searches. */
export const searchesRouter = router({
  list: procedure.query(({ ctx }) => queries.listSearches(ctx.actor, ctx.core)),
  note: procedure
    .input(commands.noteSearch)
    .mutation(({ ctx, input }) => actions.noteSearch(ctx.actor, ctx.core, input)),
  forget: procedure
    .input(commands.forgetSearch)
    .mutation(({ ctx, input }) => actions.forgetSearch(ctx.actor, ctx.core, input)),
  save: procedure
    .input(commands.saveSearch)
    .mutation(({ ctx, input }) => actions.saveSearch(ctx.actor, ctx.core, input)),
  unsave: procedure
    .input(commands.unsaveSearch)
    .mutation(({ ctx, input }) => actions.unsaveSearch(ctx.actor, ctx.core, input)),
});
