import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { procedure, router, sendProcedure } from '../trpc.ts';

export const messagesRouter = router({
  send: sendProcedure
    .input(commands.sendMessage)
    .mutation(({ ctx, input }) => actions.sendMessage(ctx.actor, ctx.core, input)),
  edit: procedure
    .input(commands.editMessage)
    .mutation(({ ctx, input }) => actions.editMessage(ctx.actor, ctx.core, input)),
  recall: procedure
    .input(commands.recallMessage)
    .mutation(({ ctx, input }) => actions.recallMessage(ctx.actor, ctx.core, input)),
  before: procedure
    .input(commands.messagesBefore)
    .query(({ ctx, input }) => queries.messagesBefore(ctx.actor, ctx.core, input)),
  after: procedure
    .input(commands.messagesAfter)
    .query(({ ctx, input }) => queries.messagesAfter(ctx.actor, ctx.core, input)),
  around: procedure
    .input(commands.messagesAround)
    .query(({ ctx, input }) => queries.messagesAround(ctx.actor, ctx.core, input)),
  atTime: procedure
    .input(commands.messageAtTime)
    .query(({ ctx, input }) => queries.messageAtTime(ctx.actor, ctx.core, input)),
  versions: procedure
    .input(commands.messageVersions)
    .query(({ ctx, input }) => queries.messageVersions(ctx.actor, ctx.core, input)),
});
