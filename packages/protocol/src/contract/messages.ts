import { z } from 'zod';
import { messageText } from '../commands.ts';
import { written } from '../content.ts';
import { id, millis, seq } from '../ids.ts';
import { message, messagePage, messageVersion } from '../message.ts';
import { mutation, query } from './define.ts';
import { inConversation, limit, ofMessage } from './fields.ts';

export const messages = {
  /** The same client id of the same sender is stored once (rule 2). */
  send: mutation({
    access: 'signed-in',
    isIdempotent: true,
    cost: 'send',
    input: z.strictObject({ ...inConversation, clientId: id, ...written }),
    output: message,
  }),
  /**
   * `baseEditedAt` is the `editedAt` of the message text that was edited. If the message has a different one by now,
   * the answer is `conflict`. Without it the last edit wins. What belongs to the text stays.
   */
  edit: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ ...ofMessage, body: messageText, baseEditedAt: millis.nullable().optional() }),
    output: message,
  }),
  recall: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject(ofMessage),
    output: message,
  }),
  /** `seq` is exclusive; leave it out for the newest page. */
  before: query({
    access: 'signed-in',
    input: z.strictObject({ ...inConversation, seq: seq.optional(), limit }),
    output: messagePage,
  }),
  after: query({
    access: 'signed-in',
    input: z.strictObject({ ...inConversation, seq, limit }),
    output: messagePage,
  }),
  around: query({
    access: 'signed-in',
    input: z.strictObject({ ...inConversation, seq, limit }),
    output: messagePage,
  }),
  /** `seq` of the first message at or after a time; null when all are older. */
  atTime: query({
    access: 'signed-in',
    input: z.strictObject({ ...inConversation, at: millis }),
    output: seq.nullable(),
  }),
  versions: query({
    access: 'signed-in',
    input: z.strictObject(ofMessage),
    output: z.array(messageVersion),
  }),
};
