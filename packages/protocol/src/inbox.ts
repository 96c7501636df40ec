import type { Conversation, Role } from './conversation.ts';
import type { Millis } from './ids.ts';
import type { ChangePage, Message } from './message.ts';
import type { PeopleChanges, Person } from './person.ts';

/** One conversation as one person sees it: where the head is, plus what is personal. */
export interface InboxEntry {
  conversation: Conversation;
  /** Place in the inbox; moves to the tail with every change (rule 4). */
  pos: number;
  /** Null when no longer a member: the device drops the conversation. */
  role: Role | null;
  /** The other person of a `direct`; oneself for notes. Null otherwise. */
  peerId: string | null;
  /** Only grows, never passes the head (rule 7). */
  readSeq: number;
  /** A field of its own, cleared by reading. */
  markedUnread: boolean;
  /** Text messages of others after `readSeq`, derived when read, counted to UNREAD_CAP at most (rule 7). */
  unread: number;
  /** Those of them that mention this person, counted in the same way. */
  mentions: number;
  /** What this person was writing, on whichever device. Null when nothing was ever written; an empty text once sent. */
  draft: Draft | null;
  /** No sound and no badge until then; FOREVER for always. Null when not muted. */
  mutedUntil: Millis | null;
  /** Pinned to the top of the list, the latest first. */
  pinnedAt: Millis | null;
  /**
   * Head when it was archived; null when it is not. It comes back by itself with the next message (see isArchived), so
   * nobody has to write anything when one arrives.
   */
  archivedSeq: number | null;
  /** The message at the top of the view when this person last left the conversation; null at the newest. */
  placeSeq: number | null;
  /** The message at the head, for the list. Null in an empty conversation. */
  last: Message | null;
}

/** Written by one device at a time: a device writes on top of the `version` it knows, or is told of the newer one. */
export interface Draft {
  text: string;
  /** Raised by one with every change. 0 stands for "never written". */
  version: number;
  updatedAt: Millis;
}

/** The answer to `setDraft`: with `stored` false another device was first, and `entry` has what it wrote. */
export interface DraftResult {
  stored: boolean;
  entry: InboxEntry;
}

/** The end of time, for `mutedUntil`: 9999-12-31T23:59:59.999Z. */
export const FOREVER: Millis = 253_402_300_799_999;

export const isMuted = (entry: Pick<InboxEntry, 'mutedUntil'>, now: Millis): boolean =>
  entry.mutedUntil !== null && entry.mutedUntil > now;

/** Archived, and nothing new since; what is muted stays archived whatever comes. */
export const isArchived = (
  entry: Pick<InboxEntry, 'archivedSeq' | 'mutedUntil' | 'conversation'>,
  now: Millis,
): boolean =>
  entry.archivedSeq !== null && (entry.conversation.headSeq <= entry.archivedSeq || isMuted(entry, now));

/**
 * How far a member has read; told in direct conversations and in groups of less than LIMITS.receiptMembers. Sending is
 * reading, and a message says so itself: its sender has read up to it, and no receipt tells of that again.
 */
export interface Receipt {
  userId: string;
  readSeq: number;
}

/** The count at which unread is shown as "99+". */
export const UNREAD_CAP = 100;

/** Entries after a `pos`, ascending. `to` is the new cursor. */
export interface InboxPage {
  /**
   * The last page also has entries at or before `to`: those of conversations in read diffusion, and those that the
   * fan-out has not come to yet. They do not move the cursor.
   */
  entries: InboxEntry[];
  /** Whom the list and `changes` name: the others of direct conversations, who wrote, whom they mention. */
  people: Person[];
  to: number;
  more: boolean;
  /**
   * With the last page: what changed in the timelines that were asked for, each whole up to its head. Those that have
   * moved by more than LIMITS.page together with the ones before them are left out, and pulled one by one.
   */
  changes: ChangePage[];
  /** Where `peopleRev` was given: what has changed of people since. As old as the rest of this page, or older. */
  peopleChanges?: PeopleChanges;
}
