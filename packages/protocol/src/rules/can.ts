import type { Conversation, Role } from '../conversation.ts';
import type { Message } from '../message.ts';
import type { Me } from '../person.ts';
import type { EarlierTexts } from '../workspace.ts';
import { isOpen, traitsOf } from './kinds.ts';

// Who may what: the server refuses by it, and the interface offers by it.

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

/** What it depends on, of a conversation. */
type Where = Pick<Conversation, 'kind' | 'visibility'>;

const EVERYONE: readonly Role[] = ['owner', 'admin', 'member'];
const MANAGERS: readonly Role[] = ['owner', 'admin'];
const OWNERS: readonly Role[] = ['owner'];
const NOBODY: readonly Role[] = [];

const WITH_ROLES: Record<Verb, readonly Role[]> = {
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

/** Where members are equal, and stay the same for good. */
const WITHOUT_ROLES: Record<Verb, readonly Role[]> = {
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

/** Whether an active member with this role may do it there. Who is not a member may do nothing (rule 10), but enter what `isOpen`. */
export const can = (role: Role, verb: Verb, where: Where): boolean => {
  // Who could come in alone may as well be brought.
  if (verb === 'addMembers' && isOpen(where)) return true;
  return (traitsOf(where.kind).hasRoles ? WITH_ROLES : WITHOUT_ROLES)[verb].includes(role);
};

const RANK: Record<Role, number> = { owner: 2, admin: 1, member: 0 };

/** Owners may take anyone out, admins those below them. */
export const canRemove = (actor: Role, target: Role): boolean =>
  actor === 'owner' || (actor === 'admin' && RANK[target] < RANK.admin);

/** The text of a message belongs to its author. */
export const canEdit = (userId: string, { senderId }: Pick<Message, 'senderId'>): boolean =>
  senderId === userId;

/** One's own, or anyone's where one keeps order. */
export const canRecall = (
  userId: string,
  role: Role,
  { senderId }: Pick<Message, 'senderId'>,
  where: Where,
): boolean => senderId === userId || can(role, 'recallOthers', where);

/** The texts that a message had before it was edited: for its members, or only for its author and admins of the workspace. */
export const canReadEarlierTexts = (
  { userId, role }: { userId: string; role: Me['role'] },
  { senderId }: Pick<Message, 'senderId'>,
  readers: EarlierTexts,
): boolean => readers === 'members' || role === 'admin' || senderId === userId;

/**
 * A conversation that has members has an owner, of those who can act: the last one can go only when nobody is left behind,
 * and can step down never. Where the last one is deactivated, another member becomes one.
 */
export const isLastOwner = (role: Role, owners: number): boolean => role === 'owner' && owners <= 1;
