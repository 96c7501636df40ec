import type { Conversation, ConversationKind, Visibility } from '../conversation.ts';
import { LIMITS } from '../limits.ts';

/**
 * The traits of each kind of conversation. Code asks for a trait, never for a kind, so a new kind is one more row
 * below.
 */
export interface ConversationTraits {
  /** Goes by a title of its own. */
  readonly hasTitle: boolean;
  /** That title is written with a `#` before it. */
  readonly hasHashSign: boolean;
  /** Always the same two people, or one alone; shown under the name of the other, the `peerId` of its entry. */
  readonly hasPeer: boolean;
  /** Members have roles and can change; otherwise they are equal and fixed. */
  readonly hasRoles: boolean;
  /** Members see how far the others have read, if there are few: `sharesReceipts`. */
  readonly hasReceipts: boolean;
  /** If public, everybody can find it in the directory and join: `isOpen`. */
  readonly isListed: boolean;
  /** Until the first message only the person who opened it has it in the inbox. */
  readonly startsHidden: boolean;
  /** Members at most. */
  readonly maxMembers: number;
}

const TRAITS: Readonly<Record<ConversationKind, ConversationTraits>> = {
  direct: {
    hasTitle: false,
    hasHashSign: false,
    hasPeer: true,
    hasRoles: false,
    hasReceipts: true,
    isListed: false,
    startsHidden: true,
    maxMembers: 2,
  },
  group: {
    hasTitle: true,
    hasHashSign: false,
    hasPeer: false,
    hasRoles: true,
    hasReceipts: true,
    isListed: false,
    startsHidden: false,
    maxMembers: LIMITS.groupMembers,
  },
  channel: {
    hasTitle: true,
    hasHashSign: true,
    hasPeer: false,
    hasRoles: true,
    hasReceipts: false,
    isListed: true,
    startsHidden: false,
    maxMembers: Number.POSITIVE_INFINITY,
  },
};

export const CONVERSATION_KINDS = Object.keys(TRAITS) as readonly ConversationKind[];

/** A kind of a newer version, unknown to this tab: shown by its title, with only reading and writing offered. */
const UNKNOWN: ConversationTraits = { ...TRAITS.group, hasRoles: false, hasReceipts: false };

export const traitsOf = (kind: ConversationKind): ConversationTraits => TRAITS[kind] ?? UNKNOWN;

/** The boolean traits. */
export type ConversationTrait = {
  [Name in keyof ConversationTraits]: ConversationTraits[Name] extends boolean ? Name : never;
}[keyof ConversationTraits];

export const kindsWith = (trait: ConversationTrait): readonly ConversationKind[] =>
  CONVERSATION_KINDS.filter((kind) => TRAITS[kind][trait]);

/** Whether anyone who is signed in may see it and enter. */
export const isOpen = ({ kind, visibility }: { kind: ConversationKind; visibility: Visibility }): boolean =>
  traitsOf(kind).isListed && visibility === 'public';

/** Whether its members see how far the others have read. */
export const sharesReceipts = ({ kind, memberCount }: Pick<Conversation, 'kind' | 'memberCount'>): boolean =>
  traitsOf(kind).hasReceipts && memberCount < LIMITS.receiptMembers;
