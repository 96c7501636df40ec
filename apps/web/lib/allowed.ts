import { can, canRemove, type InboxEntry, type Role, type Verb } from '@lockstep/protocol';

/** What the interface offers, by the same rules that the server enforces. */
export interface Allowed {
  rename: boolean;
  setTopic: boolean;
  addMembers: boolean;
  setRole: boolean;
  leave: boolean;
  remove(target: Role): boolean;
}

export const allowedIn = ({ role, conversation }: InboxEntry): Allowed => {
  const may = (verb: Verb) => role !== null && can(role, verb, conversation);
  return {
    rename: may('rename'),
    setTopic: may('setTopic'),
    addMembers: may('addMembers'),
    setRole: may('setRole'),
    leave: may('leave'),
    remove: (target) => role !== null && may('removeMember') && canRemove(role, target),
  };
};
