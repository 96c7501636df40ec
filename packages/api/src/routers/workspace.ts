import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { procedure, publicProcedure, router } from '../trpc.ts';

export const workspaceRouter = router({
  status: publicProcedure.query(({ ctx }) => queries.getWorkspaceStatus(ctx.core)),
  setSignUp: procedure
    .input(commands.setSignUp)
    .mutation(({ ctx, input }) => actions.setSignUp(ctx.actor, ctx.core, ctx.request.device, input)),
});

/** For admins of the workspace: the actions check it. */
export const invitationsRouter = router({
  create: procedure
    .input(commands.createInvitation)
    .mutation(({ ctx, input }) => actions.createInvitation(ctx.actor, ctx.core, ctx.request.device, input)),
  list: procedure.query(({ ctx }) => queries.listInvitations(ctx.actor, ctx.core)),
  revoke: procedure
    .input(commands.revokeInvitation)
    .mutation(({ ctx, input }) => actions.revokeInvitation(ctx.actor, ctx.core, ctx.request.device, input)),
});
