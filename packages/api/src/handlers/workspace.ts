import { actions, queries } from '@lockstep/core';
import { act, actFrom, type Handlers } from './types.ts';

export const workspace: Handlers['workspace'] = {
  status: ({ core }) => queries.getWorkspaceStatus(core),
  setSignUp: actFrom(actions.setSignUp),
};

export const invitations: Handlers['invitations'] = {
  create: actFrom(actions.createInvitation),
  list: act(queries.listInvitations),
  revoke: actFrom(actions.revokeInvitation),
};
