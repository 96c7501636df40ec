import { actions, queries } from '@lockstep/core';
import { act, type Handlers } from './types.ts';

export const devices: Handlers['devices'] = {
  list: act(queries.listDevices),
  rename: act(actions.renameDevice),
  revoke: act(actions.revokeDevice),
  revokeOthers: act(actions.revokeOtherDevices),
};
