import type { Conversation, Role } from './conversation.ts';
import type { Message } from './message.ts';

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
  /** The message at the head, for the list. Null in an empty conversation. */
  last: Message | null;
}

/** The count at which unread is shown as "99+". */
export const UNREAD_CAP = 100;

/** Entries after a `pos`, ascending. `to` is the new cursor. */
export interface InboxPage {
  entries: InboxEntry[];
  to: number;
  more: boolean;
}

/** Head of a conversation in read diffusion, which no inbox entry announces. */
export interface ConversationHead {
  conversationId: string;
  headSeq: number;
  headRev: number;
  unread: number;
  last: Message | null;
}
