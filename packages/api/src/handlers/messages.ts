import { actions, queries } from '@lockstep/core';
import { act, type Handlers } from './types.ts';

export const messages: Handlers['messages'] = {
  send: act(actions.sendMessage),
  edit: act(actions.editMessage),
  recall: act(actions.recallMessage),
  before: act(queries.messagesBefore),
  after: act(queries.messagesAfter),
  around: act(queries.messagesAround),
  atTime: act(queries.messageAtTime),
  versions: act(queries.messageVersions),
};
