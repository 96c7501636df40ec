import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { procedure, router } from '../trpc.ts';

export const devicesRouter = router({
  list: procedure.query(({ ctx }) => queries.listDevices(ctx.actor, ctx.core)),
  rename: procedure
    .input(commands.renameDevice)
    .mutation(({ ctx, input }) => actions.renameDevice(ctx.actor, ctx.core, input)),
  revoke: procedure
    .input(commands.revokeDevice)
    .mutation(({ ctx, input }) => actions.revokeDevice(ctx.actor, ctx.core, input)),
  revokeOthers: procedure.mutation(({ ctx }) => actions.revokeOtherDevices(ctx.actor, ctx.core)),
});
