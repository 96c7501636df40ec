import { type Actor, actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import type { ApiContext } from '../context.ts';
import { procedure, router, searchProcedure, verifyProcedure } from '../trpc.ts';

const administrator = ({ actor, request }: { actor: Actor; request: ApiContext }) => ({
  actor,
  from: request.device,
});

/**
 * For admins of the workspace: the actions check it. A look writes to the audit log, so it is a mutation, and neither
 * what is asked nor why gets into an address.
 */
export const adminRouter = router({
  search: searchProcedure
    .input(commands.searchHistory)
    .mutation(({ ctx, input }) => queries.searchHistory(ctx.actor, ctx.core, ctx.request.device, input)),
  open: procedure
    .input(commands.openHistory)
    .mutation(({ ctx, input }) => queries.openHistory(ctx.actor, ctx.core, ctx.request.device, input)),
  versions: procedure
    .input(commands.historyVersions)
    .mutation(({ ctx, input }) => queries.messageHistory(ctx.actor, ctx.core, ctx.request.device, input)),
  audit: procedure
    .input(commands.listAudit)
    .query(({ ctx, input }) => queries.listAudit(ctx.actor, ctx.core, input)),
  verifyAudit: verifyProcedure
    .input(commands.verifyAudit)
    .mutation(({ ctx, input }) => queries.verifyAudit(ctx.actor, ctx.core, input)),
  setEarlierTexts: procedure
    .input(commands.setEarlierTexts)
    .mutation(({ ctx, input }) => actions.setEarlierTexts(ctx.actor, ctx.core, ctx.request.device, input)),
  setTellLooks: procedure
    .input(commands.setTellLooks)
    .mutation(({ ctx, input }) => actions.setTellLooks(ctx.actor, ctx.core, ctx.request.device, input)),
  people: procedure
    .input(commands.listPeople)
    .query(({ ctx, input }) => queries.listPeople(ctx.actor, ctx.core, input)),
  setPersonRole: procedure
    .input(commands.setPersonRole)
    .mutation(({ ctx, input }) => actions.setPersonRole(administrator(ctx), ctx.core, input)),
  setPersonActive: procedure
    .input(commands.setPersonActive)
    .mutation(({ ctx, input }) => actions.setPersonActive(administrator(ctx), ctx.core, input)),
  endPersonSessions: procedure
    .input(commands.endPersonSessions)
    .mutation(({ ctx, input }) => actions.endPersonSessions(administrator(ctx), ctx.core, input)),
  makeResetLink: procedure
    .input(commands.makeResetLink)
    .mutation(({ ctx, input }) => actions.makeResetLink(administrator(ctx), ctx.core, input)),
  exports: procedure.query(({ ctx }) => actions.listExports(ctx.actor, ctx.core)),
  createExport: procedure
    .input(commands.createExport)
    .mutation(({ ctx, input }) => actions.createExport(ctx.actor, ctx.core, ctx.request.device, input)),
  cancelExport: procedure
    .input(commands.cancelExport)
    .mutation(({ ctx, input }) => actions.cancelExport(ctx.actor, ctx.core, ctx.request.device, input)),
  retryExport: procedure
    .input(commands.retryExport)
    .mutation(({ ctx, input }) => actions.retryExport(ctx.actor, ctx.core, ctx.request.device, input)),
  downloadExport: procedure
    .input(commands.downloadExport)
    .mutation(({ ctx, input }) => actions.downloadExport(ctx.actor, ctx.core, ctx.request.device, input)),
});
