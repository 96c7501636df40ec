import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { conversation } from '../conversation.ts';
import type { ErrorCode } from '../errors.ts';
import { id, millis, pos, rev } from '../ids.ts';
import { inboxEntry, receipt } from '../inbox.ts';
import { LIMITS } from '../limits.ts';
import { message } from '../message.ts';
import { person } from '../person.ts';

// The events of the socket. Server and clients take their types from here, the server parses client events with it,
// and tests parse server events with it.

/** To everyone in a conversation. `messages` are in `rev` order without gaps: the first has `rev` = known + 1, or pull. */
const changesEvent = z.strictObject({
  conversationId: id,
  messages: z.array(message),
  /** Present if title, topic or members changed: as of the last of `messages`, whose `rev` is its `headRev`. */
  conversation: conversation.optional(),
});
export type ChangesEvent = z.infer<typeof changesEvent>;

const presenceState = z.strictObject({ userId: id, online: z.boolean(), lastSeenAt: millis.nullable() });
export type PresenceState = z.infer<typeof presenceState>;

/** To the device. */
export const SERVER_EVENTS = {
  /** Sent once, after the socket is in all its rooms: only then may the device fetch (rule 5). */
  ready: z.strictObject({ userId: id, sessionId: id, serverTime: millis, protocolVersion: z.int() }),
  /** Of one or several conversations; those of one are in `rev` order. */
  changes: z.array(changesEvent),
  /** To all devices of one person: an inbox entry has moved. */
  inbox: z.strictObject({ entry: inboxEntry }),
  /** Is writing. Ephemeral, as is `presence`: lost without harm. */
  typing: z.strictObject({ conversationId: id, userId: id }),
  /** A member of a small conversation has read further. A hint: the whole is `sync.receipts`. */
  receipt: receipt.extend({ conversationId: id }),
  presence: presenceState,
  /** To everyone: people have changed. All that changed after `after` up to `to`, each in the newest state, by `rev`. */
  people: z.strictObject({ after: rev, people: z.array(person), to: rev }),
  /** To all devices of one person: their searches have changed. A hint: `searches.list` has them. */
  searches: z.undefined(),
  /** This process stops soon: open another socket at a random moment within `withinMs`, then close this one. A hint. */
  reconnect: z.strictObject({ withinMs: millis }),
  /** Why the server ends a socket: the device stops reconnecting and asks its person to sign in. */
  ended: z.strictObject({ reason: z.enum(['signed_out', 'revoked']) }),
};
export type ServerEvent = keyof typeof SERVER_EVENTS;
export type ServerPayload<E extends ServerEvent> = z.infer<(typeof SERVER_EVENTS)[E]>;

export type ReadyEvent = ServerPayload<'ready'>;
export type InboxEvent = ServerPayload<'inbox'>;
export type PeopleEvent = ServerPayload<'people'>;
export type TypingEvent = ServerPayload<'typing'>;
export type ReceiptEvent = ServerPayload<'receipt'>;
export type EndedEvent = ServerPayload<'ended'>;

/** From the device: input and answer of each event. */
export const CLIENT_EVENTS = {
  /** "I am typing", at most every 3 s; shown for 5 s. */
  typing: { input: z.strictObject({ conversationId: id }), output: z.null() },
  /** Replaces the set of people whose presence this socket gets; returns their current state. */
  watch: {
    input: z.strictObject({ userIds: bounded(z.array(id).max(LIMITS.watchedPeople)) }),
    output: z.array(presenceState),
  },
  /** "I have applied my inbox up to here", at most every 5 s: for the page of devices. */
  place: { input: z.strictObject({ pos }), output: z.null() },
};
export type ClientEvent = keyof typeof CLIENT_EVENTS;
/** As the client gives it, as the server has it after parsing, and as it is answered. */
export type ClientInput<E extends ClientEvent> = z.input<(typeof CLIENT_EVENTS)[E]['input']>;
export type ClientParsed<E extends ClientEvent> = z.output<(typeof CLIENT_EVENTS)[E]['input']>;
export type ClientAnswer<E extends ClientEvent> = z.infer<(typeof CLIENT_EVENTS)[E]['output']>;

export type Ack<T> = { ok: true; data: T } | { ok: false; code: ErrorCode };

/** As Socket.IO's types want them. */
export type ServerToClientEvents = {
  [E in ServerEvent]: undefined extends ServerPayload<E> ? () => void : (payload: ServerPayload<E>) => void;
};
export type ClientToServerEvents = {
  [E in ClientEvent]: null extends ClientAnswer<E>
    ? (input: ClientInput<E>, ack?: (result: Ack<null>) => void) => void
    : (input: ClientInput<E>, ack: (result: Ack<ClientAnswer<E>>) => void) => void;
};
