import type { Millis } from './ids.ts';

/**
 * `direct` has two members, or one for notes to oneself; its id is derived from the pair (core: directId), so there is
 * one per pair. `group` is by invitation and small. `channel` is public or private and of any size.
 */
export type ConversationKind = 'direct' | 'group' | 'channel';
export type Visibility = 'public' | 'private';
export type Role = 'owner' | 'admin' | 'member';
/** Whether changes are written to each member's inbox, or read from the head by each device. */
export type Diffusion = 'write' | 'read';

export interface Conversation {
  id: string;
  kind: ConversationKind;
  visibility: Visibility;
  /** Null for `direct`: it is shown under the other person's name. */
  title: string | null;
  topic: string | null;
  memberCount: number;
  /** `seq` of the newest message. */
  headSeq: number;
  /** `rev` of the newest change. */
  headRev: number;
  diffusion: Diffusion;
  createdAt: Millis;
}

export interface Member {
  userId: string;
  role: Role;
  joinedAt: Millis;
}

/** A public channel as it stands in the directory. */
export interface ChannelListing extends Conversation {
  joined: boolean;
}
