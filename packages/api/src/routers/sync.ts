import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { digestProcedure, procedure, router } from '../trpc.ts';

export const syncRouter = router({
  inbox: procedure
    .input(commands.pullInbox)
    .query(({ ctx, input }) => queries.pullInbox(ctx.actor, ctx.core, input)),
  changes: procedure
    .input(commands.pullChanges)
    .query(({ ctx, input }) => queries.pullChanges(ctx.actor, ctx.core, input)),
  read: procedure
    .input(commands.setReadPosition)
    .mutation(({ ctx, input }) => actions.setReadPosition(ctx.actor, ctx.core, input)),
  personal: procedure
    .input(commands.setPersonal)
    .mutation(({ ctx, input }) => actions.setPersonal(ctx.actor, ctx.core, input)),
  draft: procedure
    .input(commands.setDraft)
    .mutation(({ ctx, input }) => actions.setDraft(ctx.actor, ctx.core, input)),
  receipts: procedure
    .input(commands.listReceipts)
    .query(({ ctx, input }) => queries.listReceipts(ctx.actor, ctx.core, input)),
  /** Changes nothing; a mutation because its ranges may be longer than an address. */
  digest: digestProcedure
    .input(commands.pullDigest)
    .mutation(({ ctx, input }) => queries.pullDigest(ctx.actor, ctx.core, input)),
});
