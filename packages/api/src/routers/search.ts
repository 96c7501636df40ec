import { queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { router, searchProcedure } from '../trpc.ts';

export const searchRouter = router({
  messages: searchProcedure
    .input(commands.searchMessages)
    .query(({ ctx, input }) => queries.searchMessages(ctx.actor, ctx.core, input)),
  facets: searchProcedure
    .input(commands.searchFacets)
    .query(({ ctx, input }) => queries.searchFacets(ctx.actor, ctx.core, input)),
  count: searchProcedure
    .input(commands.countSearch)
    .query(({ ctx, input }) => queries.countSearch(ctx.actor, ctx.core, input)),
});
