import { z } from 'zod';
import { id, millis, rev, seq } from './ids.ts';

/**
 * `direct` has two members, or one for notes to oneself; its id is derived from the pair (core: directId), so there is
 * one per pair. `group` is by invitation and small. `channel` is public or private and of any size.
 */
export const conversationKind = z.enum(['direct', 'group', 'channel']);
export type ConversationKind = z.infer<typeof conversationKind>;
export const visibility = z.enum(['public', 'private']);
export type Visibility = z.infer<typeof visibility>;
export const role = z.enum(['owner', 'admin', 'member']);
export type Role = z.infer<typeof role>;
/** Whether changes are written to each member's inbox, or read from the head by each device. */
export const diffusion = z.enum(['write', 'read']);
export type Diffusion = z.infer<typeof diffusion>;

export const conversation = z.strictObject({
  id,
  kind: conversationKind,
  visibility,
  /** Null for `direct`: it is shown under the other person's name. */
  title: z.string().nullable(),
  topic: z.string().nullable(),
  memberCount: z.int().min(0),
  /** `seq` of the newest message. */
  headSeq: seq,
  /** `rev` of the newest change. */
  headRev: rev,
  diffusion,
  createdAt: millis,
});
export type Conversation = z.infer<typeof conversation>;

export const member = z.strictObject({ userId: id, role, joinedAt: millis });
export type Member = z.infer<typeof member>;

/** A public channel as it stands in the directory. */
export const channelListing = conversation.extend({ joined: z.boolean() });
export type ChannelListing = z.infer<typeof channelListing>;
