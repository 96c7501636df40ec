import { z } from 'zod';
import { bounded } from './bounded.ts';
import type { Conversation } from './conversation.ts';
import { id, type Millis, pos } from './ids.ts';
import type { InboxEntry, Receipt } from './inbox.ts';
import { LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import type { Person } from './person.ts';

/** Raised by one when a client of the last version would misread the wire; a test holds the hash of this package. */
export const PROTOCOL_VERSION = 3;

/** Sent once, after the socket is in all its rooms: only then may the device fetch (rule 5). */
export interface ReadyEvent {
  userId: string;
  sessionId: string;
  serverTime: Millis;
  protocolVersion: number;
}

/** To everyone in a conversation. `messages` are in `rev` order without gaps: the first has `rev` = known + 1, or pull. */
export interface ChangesEvent {
  conversationId: string;
  messages: Message[];
  /** There when title, topic or members changed with it: as of the last of `messages`, with that `rev` as `headRev`. */
  conversation?: Conversation;
}

/** To all devices of one person: an inbox entry has moved. */
export interface InboxEvent {
  entry: InboxEntry;
}

/** To everyone: people have changed. Everything that changed after `after` up to `to`. */
export interface PeopleEvent {
  after: number;
  /** Each in the newest state, ascending by `rev`. */
  people: Person[];
  to: number;
}

/** Ephemeral: lost without harm. */
export interface TypingEvent {
  conversationId: string;
  userId: string;
}

export interface PresenceState {
  userId: string;
  online: boolean;
  lastSeenAt: Millis | null;
}

/** A member of a small conversation has read further. A hint: the whole is `sync.receipts`. */
export interface ReceiptEvent extends Receipt {
  conversationId: string;
}

/** Why the server ends a socket: the device stops reconnecting and asks its person to sign in. */
export interface EndedEvent {
  reason: 'signed_out' | 'revoked';
}

export interface ServerToClientEvents {
  ready: (event: ReadyEvent) => void;
  /** Of one or several conversations; those of one are in `rev` order. */
  changes: (events: ChangesEvent[]) => void;
  inbox: (event: InboxEvent) => void;
  typing: (event: TypingEvent) => void;
  receipt: (event: ReceiptEvent) => void;
  presence: (event: PresenceState) => void;
  people: (event: PeopleEvent) => void;
  /** To all devices of one person: the searches that are remembered or saved have changed. A hint: `searches.list` has them. */
  searches: () => void;
  ended: (event: EndedEvent) => void;
}

export type Ack<T> = { ok: true; data: T } | { ok: false; code: import('./errors.ts').ErrorCode };

export interface ClientToServerEvents {
  /** "I am typing", at most every 3 s; shown for 5 s. */
  typing: (input: { conversationId: string }, ack?: (result: Ack<null>) => void) => void;
  /** Replaces the set of people whose presence this socket is told; answers with their state now. */
  watch: (input: { userIds: string[] }, ack: (result: Ack<PresenceState[]>) => void) => void;
  /** "I have applied my inbox up to here", at most every 5 s: the place of this device on the page of devices. */
  place: (input: { pos: number }, ack?: (result: Ack<null>) => void) => void;
}

export const typingInput = z.strictObject({ conversationId: id });
export const watchInput = z.strictObject({ userIds: bounded(z.array(id).max(LIMITS.watchedPeople)) });

export const placeInput = z.strictObject({ pos });

/** Every event that a client may send, with its schema: the permission test walks this list. */
export const CLIENT_EVENTS = { typing: typingInput, watch: watchInput, place: placeInput } as const;
