import { actions, queries } from '@lockstep/core';
import { commands } from '@lockstep/protocol';
import { procedure, router } from '../trpc.ts';

export const conversationsRouter = router({
  get: procedure
    .input(commands.getConversation)
    .query(({ ctx, input }) => queries.getConversation(ctx.actor, ctx.core, input)),
  members: procedure
    .input(commands.listMembers)
    .query(({ ctx, input }) => queries.listMembers(ctx.actor, ctx.core, input)),
  browse: procedure
    .input(commands.browseChannels)
    .query(({ ctx, input }) => queries.browseChannels(ctx.actor, ctx.core, input)),
  openDirect: procedure
    .input(commands.openDirect)
    .mutation(({ ctx, input }) => actions.openDirect(ctx.actor, ctx.core, input)),
  createGroup: procedure
    .input(commands.createGroup)
    .mutation(({ ctx, input }) => actions.createGroup(ctx.actor, ctx.core, input)),
  createChannel: procedure
    .input(commands.createChannel)
    .mutation(({ ctx, input }) => actions.createChannel(ctx.actor, ctx.core, input)),
  rename: procedure
    .input(commands.renameConversation)
    .mutation(({ ctx, input }) => actions.renameConversation(ctx.actor, ctx.core, input)),
  setTopic: procedure
    .input(commands.setTopic)
    .mutation(({ ctx, input }) => actions.setTopic(ctx.actor, ctx.core, input)),
  join: procedure
    .input(commands.joinChannel)
    .mutation(({ ctx, input }) => actions.joinChannel(ctx.actor, ctx.core, input)),
  leave: procedure
    .input(commands.leaveConversation)
    .mutation(({ ctx, input }) => actions.leaveConversation(ctx.actor, ctx.core, input)),
  addMembers: procedure
    .input(commands.addMembers)
    .mutation(({ ctx, input }) => actions.addMembers(ctx.actor, ctx.core, input)),
  removeMember: procedure
    .input(commands.removeMember)
    .mutation(({ ctx, input }) => actions.removeMember(ctx.actor, ctx.core, input)),
  setRole: procedure
    .input(commands.setRole)
    .mutation(({ ctx, input }) => actions.setRole(ctx.actor, ctx.core, input)),
  /** Looks of admins into it, where members are told. */
  looks: procedure
    .input(commands.looksInto)
    .query(({ ctx, input }) => queries.looksInto(ctx.actor, ctx.core, input)),
});
