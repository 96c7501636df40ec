import type { Role } from './conversation.ts';
import type { Millis } from './ids.ts';
import type { Person } from './person.ts';

/** What a system message tells. It is data, not text: each device words it in its own language. */
export type SystemEvent =
  | { type: 'created'; title: string | null }
  | { type: 'renamed'; title: string }
  | { type: 'topic'; topic: string | null }
  /** `by` is the message's sender; equal to the only user of `userIds` where someone joined by themselves. */
  | { type: 'joined'; userIds: string[] }
  /** Left by themselves when the sender is `userId`, removed by the sender otherwise. */
  | { type: 'left'; userId: string }
  | { type: 'role'; userId: string; role: Role };

/** A message as members see it: its newest state. One row serves every kind of change by its `rev`. */
export interface Message {
  conversationId: string;
  /** Never changes. */
  seq: number;
  /** Of the latest change: sent, edited, recalled. */
  rev: number;
  senderId: string;
  /** Given by the device that sent it; unique per conversation and sender (rule 2). */
  clientId: string;
  /** Null once recalled, and for system messages. */
  body: string | null;
  system: SystemEvent | null;
  createdAt: Millis;
  editedAt: Millis | null;
  recalledAt: Millis | null;
}

/** An earlier text of an edited message. */
export interface MessageVersion {
  /** 1 is the text as first sent. */
  version: number;
  body: string;
  /** When this text was written. */
  createdAt: Millis;
}

/** A run of messages by `seq`, ascending, and whether more lie on either side. */
export interface MessagePage {
  messages: Message[];
  hasBefore: boolean;
  hasAfter: boolean;
  /** Whom these messages name. A server of an earlier version does not say. */
  people?: Person[];
}

/** Where a device stands in a timeline: everything up to `afterRev` is applied. */
export interface TimelineCursor {
  conversationId: string;
  afterRev: number;
}

/** The newest state of what changed after a `rev`, ascending by `rev`. `to` is the new cursor. */
export interface ChangePage {
  conversationId: string;
  messages: Message[];
  to: number;
  headRev: number;
  headSeq: number;
  /**
   * True when the cursor is too far behind (or ahead of the head) to be served by changes: drop what is held and load
   * the newest page (rule 8). `messages` is then empty and `to` is the head.
   */
  reset: boolean;
  /** Whom these messages name, where they do not come with an inbox page, which says so itself. */
  people?: Person[];
}
