import type { Conversation, ConversationKind, Visibility } from '../conversation.ts';
import { LIMITS } from '../limits.ts';

/** What a kind of conversation is like. Code asks for a trait, never for a kind: a new kind is one more row below. */
export interface ConversationTraits {
  /** Goes by a title of its own. */
  readonly hasTitle: boolean;
  /** That title is written with a `#` before it. */
  readonly hasHashSign: boolean;
  /** Of two people, or of one alone, for good; goes by the name of the other, the `peerId` of its entry. */
  readonly hasPeer: boolean;
  /** Members have roles, come and go. Where not, they are equal, and stay the same. */
  readonly hasRoles: boolean;
  /** Members see how far the others have read, as long as they are few: `sharesReceipts`. */
  readonly hasReceipts: boolean;
  /** While it is public, everybody finds it in the directory and may enter: `isOpen`. */
  readonly isListed: boolean;
  /** Only who began it has it in the inbox, until something is said in it. */
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

/** A kind of a newer version, in a tab of this one: it is shown by its title, and nothing is offered but to read and write. */
const UNKNOWN: ConversationTraits = { ...TRAITS.group, hasRoles: false, hasReceipts: false };

export const traitsOf = (kind: ConversationKind): ConversationTraits => TRAITS[kind] ?? UNKNOWN;

/** The traits that are either there or not. */
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
