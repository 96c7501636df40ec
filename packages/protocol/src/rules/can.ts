import type { Conversation, Role } from '../conversation.ts';
import type { Message } from '../message.ts';
import type { Me } from '../person.ts';
import type { EarlierTexts } from '../workspace.ts';
import { isOpen, traitsOf } from './kinds.ts';

// Permissions: the server enforces them, and the interface offers only what is allowed.

/** Actions in a conversation. */
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

/** The properties of a conversation that permissions depend on. */
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

/** Kinds whose members have no roles and never change. */
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

/** Whether an active member with this role may do this. Others may do nothing (rule 10) except join what `isOpen`. */
export const can = (role: Role, verb: Verb, where: Where): boolean => {
  // Anyone may join an open channel, so any member may add people.
  if (verb === 'addMembers' && isOpen(where)) return true;
  return (traitsOf(where.kind).hasRoles ? WITH_ROLES : WITHOUT_ROLES)[verb].includes(role);
};

const RANK: Record<Role, number> = { owner: 2, admin: 1, member: 0 };

/** Owners may remove anyone, admins only members. */
export const canRemove = (actor: Role, target: Role): boolean =>
  actor === 'owner' || (actor === 'admin' && RANK[target] < RANK.admin);

/** The text of a message belongs to its author. */
export const canEdit = (userId: string, { senderId }: Pick<Message, 'senderId'>): boolean =>
  senderId === userId;

/** One's own message, or anyone's for owners and admins. */
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
