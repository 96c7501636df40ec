import { actions, type Core, queries } from '@lockstep/core';
import { act, actFrom, type Handlers, type SignedIn } from './types.ts';

/** For changes of a person's access: made by an admin on a device. */
const administer =
  <I, O>(
    work: (
      by: { actor: SignedIn['actor']; from: SignedIn['request']['device'] },
      core: Core,
      input: I,
    ) => Promise<O>,
  ) =>
  ({ actor, core, request }: SignedIn, input: I): Promise<O> =>
    work({ actor, from: request.device }, core, input);

/** The actions check again that the actor is an admin, because they are also called from elsewhere. */
export const admin: Handlers['admin'] = {
  search: actFrom(queries.searchHistory),
  open: actFrom(queries.openHistory),
  versions: actFrom(queries.messageHistory),
  audit: act(queries.listAudit),
  verifyAudit: act(queries.verifyAudit),
  setEarlierTexts: actFrom(actions.setEarlierTexts),
  setTellLooks: actFrom(actions.setAccessNotices),
  people: act(queries.listPeople),
  setPersonRole: administer(actions.setPersonRole),
  setPersonActive: administer(actions.setPersonActive),
  endPersonSessions: administer(actions.endPersonSessions),
  makeResetLink: administer(actions.makeResetLink),
  exports: act(actions.listExports),
  createExport: actFrom(actions.createExport),
  cancelExport: actFrom(actions.cancelExport),
  retryExport: actFrom(actions.retryExport),
  downloadExport: actFrom(actions.downloadExport),
};
