import { z } from 'zod';
import { annotations, content } from './content.ts';
import { role } from './conversation.ts';
import { id, millis, rev, seq } from './ids.ts';
import { person } from './person.ts';

/** The event of a system message. It is data, not text: each device shows it in its own language. */
export const systemEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('created'), title: z.string().nullable() }),
  z.strictObject({ type: z.literal('renamed'), title: z.string() }),
  z.strictObject({ type: z.literal('topic'), topic: z.string().nullable() }),
  /** The sender of the message brought them in; equal to the only user of `userIds` where someone joined by themselves. */
  z.strictObject({ type: z.literal('joined'), userIds: z.array(id) }),
  /** Left by themselves when the sender is `userId`, removed by the sender otherwise. */
  z.strictObject({ type: z.literal('left'), userId: id }),
  z.strictObject({ type: z.literal('role'), userId: id, role }),
]);
export type SystemEvent = z.infer<typeof systemEvent>;

/** `recalled` leaves a tombstone; `system` tells what has happened, and has no text. */
export const messageState = z.enum(['live', 'recalled', 'system']);
export type MessageState = z.infer<typeof messageState>;

/** A message as members see it: its newest state. One row serves every kind of change by its `rev`. */
export const message = z.strictObject({
  conversationId: id,
  /** Never changes. */
  seq,
  /** Of the latest change: sent, edited, recalled, annotated. */
  rev,
  /** Of the latest change of the text; left out where that is `rev`. */
  textRev: rev.optional(),
  senderId: id,
  /** Given by the device that sent it; unique per conversation and sender (rule 2). */
  clientId: id,
  /** A server of an earlier version does not say: see `stateOf`. */
  state: messageState.optional(),
  /** The text. Null where there is none: ask `hasText`, and for why `stateOf`. */
  body: z.string().nullable(),
  /** What belongs to the text; left out where there is nothing. */
  content: content.optional(),
  /** What others or the server have added; left out where there is nothing. */
  annotations: annotations.optional(),
  system: systemEvent.nullable(),
  createdAt: millis,
  editedAt: millis.nullable(),
  recalledAt: millis.nullable(),
});
export type Message = z.infer<typeof message>;
/** One of which `hasText` is true. */
export type TextMessage = Message & { body: string };

/** An earlier text of an edited message. */
export const messageVersion = z.strictObject({
  /** 1 is the text as first sent. */
  version: z.int().min(1),
  body: z.string(),
  /** When this text was written. */
  createdAt: millis,
});
export type MessageVersion = z.infer<typeof messageVersion>;

/** A run of messages by `seq`, ascending, and whether more lie on either side. */
export const messagePage = z.strictObject({
  messages: z.array(message),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
  /** Whom these messages name. Missing from servers of an earlier version. */
  people: z.array(person).optional(),
});
export type MessagePage = z.infer<typeof messagePage>;

/** A device's cursor in a timeline: everything up to `afterRev` is applied. */
export const timelineCursor = z.strictObject({ conversationId: id, afterRev: rev });
export type TimelineCursor = z.infer<typeof timelineCursor>;

/** The newest state of what changed after a `rev`, ascending by `rev`. `to` is the new cursor. */
export const changePage = z.strictObject({
  conversationId: id,
  messages: z.array(message),
  to: rev,
  headRev: rev,
  headSeq: seq,
  /**
   * True when the cursor is too far behind (or ahead of the head) to be served by changes: drop what is held and load
   * the newest page (rule 8). `messages` is then empty and `to` is the head.
   */
  reset: z.boolean(),
  /** The people these messages name; left out inside an inbox page, which lists them itself. */
  people: z.array(person).optional(),
});
export type ChangePage = z.infer<typeof changePage>;
