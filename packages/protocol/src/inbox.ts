import { z } from 'zod';
import { conversation, role } from './conversation.ts';
import { id, millis, pos, seq } from './ids.ts';
import { changePage, message } from './message.ts';
import { peopleChanges, person } from './person.ts';

/**
 * A write is based on the `version` that the device knows; if there is a newer one, the write is rejected and the
 * device gets that.
 */
export const draft = z.strictObject({
  text: z.string(),
  /** Incremented with every change. 0 means never written. */
  version: z.int().min(0),
  updatedAt: millis,
});
export type Draft = z.infer<typeof draft>;

/** One conversation as one person sees it: where the head is, plus what is personal. */
export const inboxEntry = z.strictObject({
  conversation,
  /** Place in the inbox; moves to the tail with every change (rule 4). */
  pos,
  /** Null when no longer a member: the device drops the conversation. */
  role: role.nullable(),
  /** The other person of a `direct`; oneself for notes. Null otherwise. */
  peerId: id.nullable(),
  /** Only grows, never passes the head (rule 7). */
  readSeq: seq,
  /** A field of its own, cleared by reading. */
  markedUnread: z.boolean(),
  /** Text messages of others after `readSeq`, derived when read, counted to UNREAD_CAP at most (rule 7). */
  unread: z.int().min(0),
  /** Those of them that mention this person, counted in the same way. */
  mentions: z.int().min(0),
  /** The person's draft, shared by all devices. Null when nothing was ever written; an empty text once sent. */
  draft: draft.nullable(),
  /** No sound and no badge until then; FOREVER for always. Null when not muted. */
  mutedUntil: millis.nullable(),
  /** Pinned to the top of the list, the latest first. */
  pinnedAt: millis.nullable(),
  /**
   * Head when it was archived; null when it is not. The conversation returns with the next message (see isArchived),
   * so that no write is needed when one arrives.
   */
  archivedSeq: seq.nullable(),
  /** The message at the top of the view when this person last left the conversation; null at the newest. */
  placeSeq: seq.nullable(),
  /** The message at the head, for the list. Null in an empty conversation. */
  last: message.nullable(),
});
export type InboxEntry = z.infer<typeof inboxEntry>;

/** The answer to `sync.draft`: with `stored` false another device was first, and `entry` has its text. */
export const draftResult = z.strictObject({ stored: z.boolean(), entry: inboxEntry });
export type DraftResult = z.infer<typeof draftResult>;

/**
 * How far a member has read; sent in direct conversations and in groups of less than LIMITS.receiptMembers. Sending
 * implies reading: the sender of a message has read up to it, and no receipt is sent for that.
 */
export const receipt = z.strictObject({ userId: id, readSeq: seq });
export type Receipt = z.infer<typeof receipt>;

/** Entries after a `pos`, ascending. `to` is the new cursor. */
export const inboxPage = z.strictObject({
  /**
   * The last page also has entries at or before `to`: those of conversations in read diffusion, and those that the
   * fan-out has not come to yet. They do not move the cursor.
   */
  entries: z.array(inboxEntry),
  /**
   * The people named in the list and in `changes`: the others in direct conversations, senders, and mentioned people.
   */
  people: z.array(person),
  to: pos,
  more: z.boolean(),
  /**
   * With the last page: what changed in the timelines that were asked for, each whole up to its head. Those that have
   * moved by more than LIMITS.inboxChanges together with the ones before them, or whose texts do not fit into the page
   * with theirs, are left out, and pulled one by one.
   */
  changes: z.array(changePage),
  /**
   * Which history of the data this is: another one after each restore of a backup, null before the first. A device that
   * has seen another one drops what it holds and begins anew (rule 8).
   */
  generation: id.nullable().optional(),
  /** Where `peopleRev` was given: what has changed of people since. As old as the rest of this page, or older. */
  peopleChanges: peopleChanges.optional(),
});
export type InboxPage = z.infer<typeof inboxPage>;
