import { actions, queries } from '@lockstep/core';
import { act, type Handlers } from './types.ts';

export const sync: Handlers['sync'] = {
  inbox: act(queries.pullInbox),
  changes: act(queries.pullChanges),
  read: act(actions.setReadPosition),
  personal: act(actions.setPersonal),
  draft: act(actions.setDraft),
  receipts: act(queries.listReceipts),
  digest: act(queries.pullDigest),
};
