import { actions, queries } from '@lockstep/core';
import { act, type Handlers } from './types.ts';

export const conversations: Handlers['conversations'] = {
  get: act(queries.getConversation),
  members: act(queries.listMembers),
  browse: act(queries.browseChannels),
  openDirect: act(actions.openDirect),
  createGroup: act(actions.createGroup),
  createChannel: act(actions.createChannel),
  rename: act(actions.renameConversation),
  setTopic: act(actions.setTopic),
  join: act(actions.joinChannel),
  leave: act(actions.leaveConversation),
  addMembers: act(actions.addMembers),
  removeMember: act(actions.removeMember),
  setRole: act(actions.setRole),
  looks: act(queries.listAccesses),
};
