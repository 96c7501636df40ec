import type { InboxEntry, Role } from '@lockstep/protocol';

/** What the interface offers; packages/core/src/rules decides, and refuses what is offered by mistake. */
interface Allowed {
  rename: boolean;
  setTopic: boolean;
  addMembers: boolean;
  setRole: boolean;
  leave: boolean;
  remove(target: Role): boolean;
}

export const allowedIn = ({ role, conversation }: InboxEntry): Allowed => {
  const direct = conversation.kind === 'direct';
  const manages = !direct && (role === 'owner' || role === 'admin');
  const open = conversation.kind === 'channel' && conversation.visibility === 'public';
  return {
    rename: manages,
    setTopic: manages,
    addMembers: manages || (open && role !== null),
    setRole: !direct && role === 'owner',
    leave: !direct,
    remove: (target) => !direct && (role === 'owner' || (role === 'admin' && target === 'member')),
  };
};
