import type { ConversationKind, Role, Visibility } from '@lockstep/protocol';

/** What one may want to do in a conversation. */
export type Verb =
  | 'read'
  | 'send'
  | 'recallOthers'
  | 'rename'
  | 'setTopic'
  | 'addMembers'
  | 'removeMember'
  | 'setRole'
  | 'leave';

export interface Place {
  kind: ConversationKind;
  visibility: Visibility;
}

const EVERYONE: readonly Role[] = ['owner', 'admin', 'member'];
const MANAGERS: readonly Role[] = ['owner', 'admin'];
const OWNERS: readonly Role[] = ['owner'];
const NOBODY: readonly Role[] = [];

/** Members of a `direct` are equal, and stay the same two for good. */
const IN_DIRECT: Record<Verb, readonly Role[]> = {
  read: EVERYONE,
  send: EVERYONE,
  recallOthers: NOBODY,
  rename: NOBODY,
  setTopic: NOBODY,
  addMembers: NOBODY,
  removeMember: NOBODY,
  setRole: NOBODY,
  leave: NOBODY,
};

const ELSEWHERE: Record<Verb, readonly Role[]> = {
  read: EVERYONE,
  send: EVERYONE,
  recallOthers: MANAGERS,
  rename: MANAGERS,
  setTopic: MANAGERS,
  addMembers: MANAGERS,
  removeMember: MANAGERS,
  setRole: OWNERS,
  leave: EVERYONE,
};

/** Whether an active member with this role may do it there. Who is not a member may do nothing (rule 10), but `mayJoin`. */
export const can = (role: Role, verb: Verb, { kind, visibility }: Place): boolean => {
  if (kind === 'direct') return IN_DIRECT[verb].includes(role);
  // Who could come in alone may as well be brought.
  if (verb === 'addMembers' && isOpen({ kind, visibility })) return true;
  return ELSEWHERE[verb].includes(role);
};

/** Anyone who is signed in may see and enter a public channel. */
export const isOpen = ({ kind, visibility }: Place): boolean => kind === 'channel' && visibility === 'public';

const RANK: Record<Role, number> = { owner: 2, admin: 1, member: 0 };

/** Owners may take anyone out, admins those below them. */
export const canRemove = (actor: Role, target: Role): boolean =>
  actor === 'owner' || (actor === 'admin' && RANK[target] < RANK.admin);

/**
 * A conversation that has members has an owner: the last one can go only when nobody is left behind, and can step down
 * never.
 */
export const isLastOwner = (role: Role, owners: number): boolean => role === 'owner' && owners <= 1;
